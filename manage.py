#!/usr/bin/env python3
"""All commands of Jiceng. A first visit needs one: ``python3 manage.py run``.

This file needs nothing but Python. It makes the environment (``commands/environment.py``) and hands the
command to the environment's own Python, which finds its body in the module named below. It is written so
that a Python too old for the project still understands it far enough to say so.
"""

import argparse
import datetime
import importlib
import os
import signal
import subprocess
import sys
from pathlib import Path

OLDEST = (3, 11)
ROOT = Path(__file__).resolve().parent

# name: where its body is, whether it needs what tests need, what it does
COMMANDS = {
    "run": ("commands.run:main", False, "启动看板（首次运行先建立演示数据）· start the dashboard"),
    "test": (
        "commands.test:main",
        True,
        "安装测试所需并运行全部测试 · install what tests need and run them all",
    ),
    "init": (
        "commands.installation:init",
        False,
        "为自有数据建立空的数据文件夹 · make an empty installation for own data",
    ),
    "demo": (
        "commands.installation:demo",
        False,
        "在空文件夹中建立演示数据 · make the demo district in an empty place",
    ),
    "import": ("commands.intake:import_files", False, "导入源文件并重新计算 · import source files and build"),
    "undo": ("commands.intake:undo", False, "撤销一个批次并重新计算 · take a batch back and build"),
    "redo": (
        "commands.intake:redo",
        False,
        "恢复已撤销的批次并重新计算 · put a batch in force again and build",
    ),
    "review": ("commands.review:review", False, "列出待处理的机构代码和人员 · list what waits for people"),
    "map": (
        "commands.review:map_code",
        False,
        "为源系统的机构代码指定机构 · say which unit a source's code means",
    ),
    "merge": ("commands.review:merge", False, "认定两者为同一人 · two numbers of the review are one person"),
    "split": ("commands.review:split", False, "认定某人与他人无关 · a number of the review is nobody else"),
    "ground": (
        "commands.ground:ground",
        False,
        "核对地理数据文件和机构坐标 · check the geometry folder and where institutions stand",
    ),
    "build": ("commands.figures:build", False, "重新计算指标 · build the indicators"),
    "export": (
        "commands.export:main",
        False,
        "导出数据、幻灯片、通报、总结、工作簿、图片 · write figures, a deck, a circular, a summary, a workbook, a picture",
    ),
    "user": (
        "commands.user:main",
        False,
        "账号：新建、改密码、列出、修改、停用 · accounts: who may come in, as what",
    ),
    "keys": (
        "commands.keys:main",
        False,
        "居民姓名的密钥：更换、核对 · key of residents' names: another one, whether it opens everything",
    ),
    "audit": ("commands.audit:main", False, "核验或导出日志 · whether the log stands, and the log as a file"),
    "migrate": (
        "commands.migrate:main",
        False,
        "PostgreSQL：把数据库升级到本版本 · bring the database to this version",
    ),
    "database": (
        "commands.database:main",
        False,
        "PostgreSQL：建立角色、查看状态 · make its roles, tell how it stands",
    ),
    "backup": ("commands.backup:main", False, "备份全部数据 · a copy of everything, checked"),
    "restore": ("commands.restore:main", False, "从备份恢复 · put a copy in force"),
    "catalogue": (
        "commands.figures:catalogue",
        False,
        "列出全部要求及对应指标 · list every requirement and its cards",
    ),
    "bench": ("tests.bench.main:main", True, "测量速度 · measure speed"),
    "dependencies": (
        "commands.dependencies:main",
        True,
        "核对所用软件包：版本、许可证、已知漏洞 · whether installed packages are the pinned ones, may be used, and are sound",
    ),
    "lint": ("commands.lint:main", True, "统一格式并检查代码 · format and check the code"),
}


def parser():
    """What may be said on the command line."""
    top = argparse.ArgumentParser(
        prog="manage.py",
        description="基层 Jiceng. JICENG_HOME: 数据文件夹 · folder of the data (default: var/).",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="command")
    sub = {
        name: commands.add_parser(name, help=about[2], description=about[2], allow_abbrev=False)
        for name, about in COMMANDS.items()
    }

    sub["run"].add_argument(
        "--port", type=_port, help="must be free; default: config.toml's, or the next free one"
    )
    sub["run"].add_argument(
        "--check", action="store_true", help="open the overview once, compare a tile, and stop"
    )
    for name in ("run", "demo"):
        sub[name].add_argument("--residents", type=_count, help="of a new demo (default: 250000)")
        sub[name].add_argument("--seed", type=int, help="of a new demo")
        sub[name].add_argument("--until", type=_month, metavar="YYYY-MM", help="last month of a new demo")

    sub["test"].add_argument("--long", action="store_true", help="also the tests that take minutes")
    sub["init"].add_argument("--name", default="", help="name of the bureau")
    sub["import"].add_argument("files", nargs="+", help="source files, or folders of them")
    sub["import"].add_argument(
        "--snapshot", action="store_true", help="whole exports: rows that they lack are withdrawn"
    )
    for name in ("undo", "redo"):
        sub[name].add_argument("batch", type=int, help="number of the batch, as the data page shows it")
    sub["map"].add_argument("system", help="as the review lists it: chis, plain, own")
    sub["map"].add_argument("code", help="as the source writes it")
    sub["map"].add_argument("unit", help="organisation code of the register; - takes the mapping back")
    sub["map"].add_argument(
        "--from", dest="since", type=_day, metavar="YYYY-MM-DD", help="for services since"
    )
    sub["merge"].add_argument("number", type=int, help="of a person, as the review lists it")
    sub["merge"].add_argument("other", type=int, help="of the same person")
    sub["split"].add_argument("number", type=int, help="of a person, as the review lists it")
    sub["export"].add_argument(
        "file",
        help="csv 全部指标 · all figures; pptx 例会幻灯片 · deck of the meeting; xlsx 工作簿 · workbook; "
        "docx 工作总结 · work summary (--round 通报 · circular, --scorecard 评分卡 · scorecard, "
        "--finding 整改通知书 · rectification notice); png, svg 图 · picture (--indicator, --map); "
        "geojson, xlsx 覆盖地图方格或设点方案 · cells of the map, or a proposal of sites (--what)",
    )
    sub["export"].add_argument(
        "--month",
        type=_month,
        metavar="YYYY-MM",
        help="默认最新月份，csv 默认全部月份 · default: the newest; csv: all months",
    )
    sub["export"].add_argument(
        "--unit",
        metavar="CODE",
        help="机构代码，默认主管局，csv 默认全部机构 · default: the bureau; csv: all units",
    )
    sub["export"].add_argument(
        "--language", choices=("zh", "en"), default="zh", help="文件的语言 · of the file"
    )
    sub["export"].add_argument(
        "--round",
        type=int,
        metavar="N",
        help="docx：已发布的一轮考核的通报 · circular on a published appraisal",
    )
    sub["export"].add_argument(
        "--scorecard", action="store_true", help="docx：机构评分卡，一页 · scorecard of the unit, one page"
    )
    sub["export"].add_argument(
        "--finding",
        type=int,
        metavar="N",
        help="docx：含该问题的整改通知书 · rectification notice with this finding",
    )
    sub["export"].add_argument("--indicator", metavar="KEY", help="png、svg：哪项指标 · which indicator")
    sub["export"].add_argument(
        "--chart",
        choices=("trend", "units"),
        default="trend",
        help="png、svg：趋势或机构比较 · trend, or units side by side",
    )
    sub["export"].add_argument(
        "--map",
        metavar="QUESTION",
        help="png、svg：覆盖地图，如 beyond、metres、contract · map of coverage, such as beyond, metres, contract",
    )
    sub["export"].add_argument(
        "--what",
        choices=("cells", "proposal"),
        help="geojson（默认 cells）、xlsx：方格或设点方案 · geojson (default: cells), xlsx: cells or a proposal of sites",
    )
    sub["export"].add_argument(
        "--goal",
        choices=("cover", "capacity", "distance"),
        default="cover",
        help="设点方案的目标 · goal of the proposal",
    )
    sub["export"].add_argument(
        "--new",
        type=int,
        default=3,
        metavar="N",
        help="新设几处，默认 3 · new sites of the proposal, default 3",
    )
    sub["export"].add_argument(
        "--sites",
        choices=("villages", "cells", "file", "stops"),
        default="villages",
        help="候选点来源 · where sites of the proposal come from",
    )
    _user_arguments(sub["user"])
    sub["keys"].add_argument(
        "deed",
        choices=("rotate", "check", "seal"),
        help="rotate 更换并重新加密 · another key, everything sealed anew; check 核对 · whether everything opens; "
        "seal 加密旧版本的明文姓名 · seal names that an older release kept in the clear",
    )
    _database_arguments(sub)
    sub["audit"].add_argument(
        "--verify",
        action="store_true",
        help="核对每一条 · follow the chain of all entries; exit code 1 where it breaks",
    )
    sub["audit"].add_argument(
        "--head",
        metavar="N:HASH",
        help="以前核验时抄下的末条，用来证明末尾没有被截掉 · last entry as an earlier --verify told it",
    )
    sub["audit"].add_argument("--export", metavar="FILE", help="写成 csv 文件 · write it as a csv file")
    sub["audit"].add_argument(
        "--since",
        type=_day,
        metavar="YYYY-MM-DD",
        help="导出的起始日期（世界时）· first day of the export (UTC)",
    )
    for name in ("catalogue", "ground"):
        sub[name].add_argument("--language", choices=("zh", "en"), default="zh")
    sub["catalogue"].add_argument(
        "--missing", action="store_true", help="only requirements without a card; fail where there is one"
    )
    sub["lint"].add_argument(
        "--check", action="store_true", help="change nothing, fail where something would change"
    )
    return top


def _database_arguments(sub):
    """What may be said of the database and its copies. Addresses are in config.toml and the environment, never here."""
    sub["migrate"].add_argument("--show", action="store_true", help="只列出步骤 · only tell what it would do")
    sub["migrate"].add_argument(
        "--sql", action="store_true", help="打印 SQL，不执行 · print SQL, change nothing"
    )
    deeds = sub["database"].add_subparsers(dest="deed", required=True, metavar="roles|status")
    roles = deeds.add_parser("roles", help="建立所有者、写入、只读角色 · make owner, writer and reader")
    roles.add_argument(
        "--login",
        action="append",
        default=[],
        metavar="NAME",
        help="看板的登录账号，加入写入和只读角色 · login of the dashboard: becomes a member of writer and reader",
    )
    roles.add_argument("--sql", action="store_true", help="打印 SQL，不执行 · print SQL, change nothing")
    deeds.add_parser("status", help="版本、角色 · version, roles")
    sub["backup"].add_argument("folder", help="备份放在此文件夹内的新文件夹 · the copy is a new folder in it")
    sub["backup"].add_argument(
        "--with-key",
        action="store_true",
        help="连同密钥（否则须另行保管）· with the keys, which are otherwise to be kept apart",
    )
    sub["restore"].add_argument("folder", help="一份备份 · one copy")
    sub["restore"].add_argument(
        "--over", action="store_true", help="替换现有数据 · in place of the data that are there"
    )
    sub["restore"].add_argument(
        "--check", action="store_true", help="只核对备份 · only check the copy, change nothing"
    )


def _user_arguments(parser):
    """What may be said of accounts. Passwords are asked for, or read from standard input: never said here."""
    deeds = parser.add_subparsers(dest="deed", required=True, metavar="add|list|change|password|...")
    deed = {
        "add": deeds.add_parser("add", help="新建 · a new account"),
        "list": deeds.add_parser("list", help="列出 · all accounts"),
        "change": deeds.add_parser(
            "change", help="修改角色、机构、业务、姓名 · another role, units, systems, name"
        ),
        "password": deeds.add_parser("password", help="改密码 · another password"),
        "disable": deeds.add_parser("disable", help="停用，立即退出 · out at once, and not in again"),
        "enable": deeds.add_parser("enable", help="恢复 · may come in again"),
        "unlock": deeds.add_parser("unlock", help="解除锁定 · need not wait after failed sign-ins"),
        "unbind": deeds.add_parser(
            "unbind",
            help="解除与统一认证身份的绑定 · whoever signs in by the name next at the identity server has it",
        ),
        "sessions": deeds.add_parser("sessions", help="登录情况 · where it is signed in"),
        "import": deeds.add_parser("import", help="按 csv 批量新建 · many new accounts of a csv file"),
    }
    for name, one in deed.items():
        if name not in ("list", "import"):
            one.add_argument("name", help="登录名 · what is typed at sign-in")
    for name in ("add", "change"):
        deed[name].add_argument(
            "--role",
            help="leader officer director doctor clerk auditor administrator",
            required=name == "add",
        )
        deed[name].add_argument("--units", metavar="CODE,CODE", help="机构编码 · codes of the own units")
        deed[name].add_argument("--systems", metavar="S11,S12", help="业务，空为全部 · systems; empty: all")
        deed[name].add_argument("--shown", metavar="NAME", help="姓名 · the person's name")
    for name in ("add", "password"):
        how = deed[name].add_mutually_exclusive_group()
        how.add_argument(
            "--stdin", action="store_true", help="密码从标准输入读 · read the password from standard input"
        )
        how.add_argument(
            "--generate",
            action="store_true",
            help="生成一次性密码，首次登录须修改 · make one that must be changed at first sign-in",
        )
    deed["add"].add_argument(
        "--no-password", action="store_true", help="由统一认证或代理登录 · signs in through oidc or a proxy"
    )
    deed["import"].add_argument(
        "file", help="csv：登录名、姓名、角色、机构编码、业务 · name, shown, role, units, systems"
    )
    deed["import"].add_argument(
        "--write", action="store_true", help="建立；不写则只核对 · make them; else only look"
    )
    deed["import"].add_argument(
        "--passwords", metavar="FILE", help="一次性密码保存到的新文件 · new file for the one-time passwords"
    )
    deed["sessions"].add_argument("--end", action="store_true", help="在所有设备上退出 · sign out everywhere")


def main(words):
    if sys.version_info < OLDEST:
        return _too_old(words)
    for stream in (sys.stdout, sys.stderr):
        # A console that lacks a character is no failure.
        stream.reconfigure(errors="replace", line_buffering=True)
    sys.path.insert(0, str(ROOT))
    from commands.environment import Stop, inside, prepare

    arguments = _parse(words)
    try:
        if inside():
            return _run(arguments)
        return _hand_over(prepare(tests=COMMANDS[arguments.command][1]), words)
    except Stop as stop:
        print(f"\n{stop}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever read what we print has read enough: ``catalogue | head``
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("\n已中断，可再次运行。Interrupted; it is safe to run again.", file=sys.stderr)
        return 130


def _run(arguments):
    """The command itself, in the environment. What users can mend is told as Stop, without a traceback."""
    from commands.environment import Stop

    if os.name == "posix":
        os.umask(0o077)  # data, papers and copies are their owner's; the environment may be everybody's
    # So that what a command has started ends with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    module, _, function = COMMANDS[arguments.command][0].partition(":")
    try:
        return getattr(importlib.import_module(module), function)(arguments)
    except Exception as error:
        from commands.errors import explanation

        told = explanation(error)
        if told is None:
            raise
        raise Stop(told) from error


def _parse(words):
    """What was said; ``test`` and ``bench`` pass on what is not theirs."""
    known, known.rest = parser().parse_known_args(words)
    if known.rest and known.command not in ("test", "bench"):
        parser().error(f"不认识的参数 · unknown arguments: {' '.join(known.rest)}")
    return known


def _hand_over(python, words):
    """Run this command again with the environment's Python and give back its exit code."""
    command = [python, str(ROOT / "manage.py"), *words]
    environment = dict(os.environ, JICENG_PYTHON=python)
    if os.name == "posix":
        os.execve(python, command, environment)  # the same process: signals reach the command itself
    child = subprocess.Popen(command, env=environment)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue  # Windows sends Ctrl+C to both; the command decides when it has ended


def _too_old(words):
    """Names a newer Python when this machine has one."""
    import shutil

    found = [name for name in ("python3.13", "python3.12", "python3.11") if shutil.which(name)]
    if not found and os.name == "nt" and shutil.which("py"):
        found = ["py -3"]
    say = " ".join([found[0] if found else "python3.12", "manage.py", *words])
    hint = "" if found else " 请先安装 Python 3.11 或更新版本。Install Python 3.11 or newer first."
    version = ".".join(map(str, sys.version_info[:2]))
    print(f"Python {version} 版本过低，需要 3.11 或更新。", file=sys.stderr)
    print(f"Python {version} is too old: 3.11 or newer is needed.{hint}\n\n    {say}", file=sys.stderr)
    return 1


def _month(text):
    year, _, month = text.partition("-")
    if not (len(text) == 7 and year.isdigit() and month.isdigit() and 1 <= int(month) <= 12):
        raise argparse.ArgumentTypeError(f"{text!r}: 应为 · must be YYYY-MM")
    return text


def _day(text):
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: 应为 · must be YYYY-MM-DD") from None


def _port(text):
    if not (text.isdigit() and 1 <= int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"{text!r}: 应为 1–65535 · must be 1 to 65535")
    return int(text)


def _count(text):
    if not text.isdigit() or int(text) < 2000:
        raise argparse.ArgumentTypeError(f"{text!r}: 至少 2000 · at least 2000")
    return int(text)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

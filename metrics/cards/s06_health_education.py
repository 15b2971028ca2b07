"""S06 健康教育: lectures, boards, materials, and what residents know."""

from __future__ import annotations

from metrics.card import Direction, Period, Unit
from metrics.cards.rules import kinds_of_year, whole
from metrics.cards.shapes import System
from metrics.cards.sources import F000, F002, F003, F004
from metrics.tables import activity, document, sample, screening

_S = System("S06")
_UP = Direction.HIGHER
_LECTURE = activity.c.kind == "lecture"
_REACHING = activity.c.kind.in_(["lecture", "consultation", "theme_day"])
_EDUCATION = activity.c.kind.in_(
    ["lecture", "consultation", "theme_day", "board", "window", "handout", "video"]
)


def _survey(key, zh, en, ask, what, kind, source):
    """Of the people asked, the share that knows, does or is what the survey asks about."""
    return _S.ratio(
        key,
        (zh, en),
        ask,
        (
            f"本期{what[0]}调查中合格的人数 ÷ 被调查人数；多次调查合并计算。",
            f"People who meet the mark in surveys of {what[1]} over people asked; several surveys are added up.",
        ),
        sample,
        sample.c.positive,
        sample.c.asked,
        sample.c.kind == kind,
        source=source,
        caveat=(
            "抽样结果，受样本量和抽样方式影响。",
            "A sample: it depends on how many were asked and how they were chosen.",
        ),
    )


CARDS = [
    _survey(
        "he_awareness_rate",
        "居民健康知识知晓率",
        "Residents' health knowledge",
        ("居民知道多少健康知识？", "How many residents know what they should about health?"),
        ("健康知识知晓", "health knowledge"),
        "awareness",
        f"{F000}；{F003}",
    ),
    _survey(
        "he_behaviour_rate",
        "健康行为形成率",
        "Healthy behaviour",
        ("居民养成健康行为了吗？", "How many residents have taken up healthy behaviour?"),
        ("健康行为", "healthy behaviour"),
        "behaviour",
        F003,
    ),
    _survey(
        "he_literacy_level",
        "居民健康素养水平",
        "Health literacy",
        ("居民健康素养达标的有多少？", "How many residents are health-literate?"),
        ("健康素养", "health literacy"),
        "literacy",
        F004,
    ),
    _S.duty(
        "he_course_quarterly",
        ("每季健康教育课", "Quarterly health class"),
        activity,
        _LECTURE,
        people=activity.c.people,
    ),
    _S.count(
        "he_lectures",
        ("健康讲座场次", "Health lectures"),
        ("办了多少场健康讲座？", "How many health lectures were held?"),
        ("本期健康讲座场次，现场与线上合计。", "Health lectures held in the period, on site and online."),
        activity,
        _LECTURE,
        unit=Unit.SESSIONS,
        direction=_UP,
        source=f"{F002}；{F003}",
    ),
    _S.count(
        "he_lectures_onsite",
        ("现场健康讲座场次", "Health lectures on site"),
        ("现场办了多少场健康讲座？", "How many health lectures were held on site?"),
        ("本期健康讲座中现场举办的场次。", "Health lectures of the period held on site."),
        activity,
        _LECTURE,
        activity.c.mode == "onsite",
        unit=Unit.SESSIONS,
        direction=_UP,
        source=F002,
        catalogue=("he_lectures",),
    ),
    _S.count(
        "he_lectures_online",
        ("线上健康讲座场次", "Health lectures online"),
        ("线上办了多少场健康讲座？", "How many health lectures were held online?"),
        ("本期健康讲座中线上（直播）举办的场次。", "Health lectures of the period held online."),
        activity,
        _LECTURE,
        activity.c.mode == "online",
        unit=Unit.SESSIONS,
        direction=_UP,
        source=F002,
        catalogue=("he_lectures",),
    ),
    _S.count(
        "he_people_reached",
        ("健康教育覆盖人次", "People reached by health education"),
        ("健康教育覆盖了多少人次？", "How many people did health education reach?"),
        (
            "本期讲座、公众咨询（义诊）和宣传日活动的参加人次之和；没有登记人数的活动按 0 计。",
            "Attendances at lectures, public consultations and theme days; one without a number adds nothing.",
        ),
        activity,
        _REACHING,
        n=activity.c.people,
        unit=Unit.PERSON_TIMES,
        direction=_UP,
        source=f"{F002}；{F003}",
    ),
    _S.duty(
        "he_boards",
        ("宣传栏（板报）更新", "Boards renewed"),
        activity,
        activity.c.kind == "board",
    ),
    _S.duty(
        "he_windows",
        ("室外宣传橱窗更新", "Outdoor display windows renewed"),
        activity,
        activity.c.kind == "window",
        catalogue=("he_boards",),
    ),
    _S.count(
        "he_materials",
        ("发放宣传资料份数", "Health-education material handed out"),
        ("发了多少份宣传资料？", "How many copies of material were handed out?"),
        ("本期发放宣传资料的份数之和。", "Copies of material handed out in the period."),
        activity,
        activity.c.kind == "handout",
        n=whole(activity.c.quantity),
        unit=Unit.COPIES,
        direction=_UP,
        source=F003,
    ),
    _S.card(
        "he_prescriptions",
        ("健康教育处方种类", "Kinds of health-education prescriptions"),
        ("用了多少种健康教育处方？", "How many kinds of health-education prescriptions were used?"),
        (
            "本年至今使用过的健康教育处方种类数；下属机构用同一种的，上级只计一种。",
            "Kinds of health-education prescriptions used in the year so far; one kind used at two units "
            "counts once above them.",
        ),
        unit=Unit.KINDS,
        direction=_UP,
        period=Period.IN_YEAR,
        source=F003,
        reads=("activity",),
        numerator=kinds_of_year(activity, activity.c.topic, activity.c.kind == "he_prescription"),
        each_level=True,
    ),
    _S.duty(
        "he_plan",
        ("健康教育年度计划", "Yearly health-education plan"),
        document,
        document.c.kind == "he_plan",
        catalogue=("he_plan_summary",),
    ),
    _S.duty(
        "he_summary",
        ("健康教育年度总结", "Yearly health-education summary"),
        document,
        document.c.kind == "he_summary",
        catalogue=("he_plan_summary",),
    ),
    _S.share(
        "he_photo_evidence",
        ("健康教育活动留有照片的比例", "Health-education activities with photographs"),
        ("健康教育活动都留了照片吗？", "Are photographs kept of health-education activities?"),
        (
            "本期健康教育活动（讲座、咨询、宣传日、宣传栏和橱窗、发放资料、短视频）中，留有照片或签到等凭据的比例；没有登记的按未留存计。",
            "Of the period's health-education activities (lectures, consultations, theme days, boards and windows, hand-outs, "
            "videos), the share of which photographs or lists are kept; where nothing is recorded none are.",
        ),
        activity,
        activity.c.evidence,
        _EDUCATION,
        what=activity.c.topic,
        source=F000,
        reason=("没有留存照片", "no photographs are kept"),
    ),
    _S.count(
        "he_theme_days",
        ("卫生宣传日活动次数", "Health theme days"),
        ("办了多少次卫生宣传日活动？", "How many health theme days were held?"),
        ("本期卫生宣传日活动的次数。", "Theme days held in the period."),
        activity,
        activity.c.kind == "theme_day",
        unit=Unit.VISITS,
        direction=_UP,
        source=F003,
    ),
    _S.count(
        "he_short_videos",
        ("健康短视频期数", "Short health videos"),
        ("发布了多少期健康短视频？", "How many short health videos were published?"),
        ("本期发布健康短视频的期数。", "Short health videos published in the period."),
        activity,
        activity.c.kind == "video",
        unit=Unit.PIECES,
        direction=_UP,
        source=F002,
    ),
    _S.count(
        "he_video_reach",
        ("健康短视频覆盖人次", "Views of short health videos"),
        ("健康短视频有多少人次观看？", "How often were the short health videos watched?"),
        ("本期发布的健康短视频的观看人次之和。", "Views of the short health videos published in the period."),
        activity,
        activity.c.kind == "video",
        n=activity.c.people,
        unit=Unit.PERSON_TIMES,
        direction=_UP,
        source=F002,
        catalogue=("he_short_videos",),
    ),
    _S.count(
        "he_healthy_families",
        ("评选健康家庭户数", "Healthy families chosen"),
        ("评选了多少户健康家庭？", "How many healthy families were chosen?"),
        ("本期评选出的健康家庭户数。", "Families chosen as healthy families in the period."),
        activity,
        activity.c.kind == "healthy_family",
        n=whole(activity.c.quantity),
        unit=Unit.HOUSEHOLDS,
        direction=_UP,
        source=F002,
        catalogue=("he_healthy_families", "prog_family_awards"),
    ),
    _S.duty(
        "he_evaluation_survey",
        ("健康教育效果评价", "Evaluation of health education"),
        activity,
        activity.c.kind == "he_evaluation",
    ),
    _S.of_units_with(
        "he_community_diagnosis",
        ("社区卫生诊断报告在有效期内", "Community diagnosis in force"),
        ("社区卫生诊断做了吗，还有效吗？", "Is there a community diagnosis that is still valid?"),
        (
            "月末有有效期内社区卫生诊断报告的中心数 ÷ 中心数；没有写明到期日的一直有效。",
            "Centres with a community diagnosis in force at the month's end over all centres; "
            "one without an end stays in force.",
        ),
        ("centre",),
        document,
        document.c.kind == "community_diagnosis",
        source=F000,
        reason=("没有有效的社区卫生诊断报告", "has no community diagnosis in force"),
    ),
    _S.count(
        "he_screening_program",
        ("健康普查人次", "Screenings"),
        ("健康普查了多少人次？", "How many screenings were made?"),
        (
            "本期各类普查、筛查的人次（不含口腔治疗措施）。",
            "Screenings of every kind in the period, without dental treatment.",
        ),
        screening,
        screening.c.kind.not_in(["sealant", "fluoride"]),
        unit=Unit.PERSON_TIMES,
        direction=_UP,
        source=F003,
    ),
    _S.count(
        "he_tobacco",
        ("控烟活动次数", "Tobacco-control activities"),
        ("开展了多少次控烟活动？", "How many activities against smoking were held?"),
        ("本期主题为控烟的讲座、宣传等活动次数。", "Activities of the period whose topic is tobacco."),
        activity,
        activity.c.topic == "tobacco",
        unit=Unit.VISITS,
        direction=_UP,
        source=F003,
    ),
]

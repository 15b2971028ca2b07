"""Names, shares and characters of the invented district. Nothing here exists.

The area code 990128 belongs to no county, and the district lies in an empty part of a desert, so that
no real place can be mistaken for it. (It must lie within China, because coordinates of the GCJ-02 and
BD-09 systems exist only there.)
"""

from __future__ import annotations

from dataclasses import dataclass

AREA_CODE = "990128"
BUREAU = "云岭县卫生健康局"
CORNER = (83.10, 38.90)  # west, south, WGS-84
KM_EAST, KM_NORTH = 1 / 86.7, 1 / 111.0  # degrees of one kilometre here
WIDTH, HEIGHT = 35.0, 30.0  # kilometres

REFERENCE = 0  # index of the reference centre
MERGED, SUCCESSOR = "石门村卫生室", "白鹤社区卫生服务站"  # the clinic that was closed, and who took over
MERGED_ON = (2025, 7, 1)  # first day under the successor
SILENT = "柳溪社区卫生服务站"  # delivered nothing for two months
UNMAPPED = "杏坪村卫生室"  # writes a code of its own in one file


@dataclass(frozen=True)
class Town:
    """A centre's catchment: its town, its units, and what its people are like."""

    name: str
    centre: str
    share: float  # of the district's residents
    x: float  # kilometres from the corner: the centre's building
    y: float
    radius: float
    villages: int
    elders: float  # share aged 65 or over
    children: float  # share aged 0 to 6
    coord_sys: str
    quality: float  # of the centre's work; 0 is the district's usual
    stations: tuple[str, ...]


TOWNS = (
    Town(
        "云岭街道",
        "云岭街道社区卫生服务中心",
        0.48,
        17.0,
        15.0,
        3.4,
        22,
        0.135,
        0.063,
        "WGS84",
        0.0,
        (
            "文昌社区卫生服务站",
            "北关社区卫生服务站",
            "南塔社区卫生服务站",
            "东湖社区卫生服务站",
            "西苑社区卫生服务站",
            "新城社区卫生服务站",
            "棉纺厂社区卫生服务站",
            "翠屏社区卫生服务站",
            "河滨社区卫生服务站",
            "望江社区卫生服务站",
            "学府社区卫生服务站",
            "三里桥社区卫生服务站",
        ),
    ),
    Town(
        "青溪镇",
        "青溪镇社区卫生服务中心",
        0.115,
        9.0,
        21.5,
        6.4,
        17,
        0.185,
        0.053,
        "GCJ02",
        0.25,
        ("柳溪社区卫生服务站", "双桥社区卫生服务站", "杨家湾村卫生室", "竹林村卫生室", "高坪村卫生室"),
    ),
    Town(
        "东山镇",
        "东山镇社区卫生服务中心",
        0.098,
        25.5,
        19.0,
        6.2,
        17,
        0.19,
        0.052,
        "WGS84",
        -0.10,
        ("白鹤社区卫生服务站", "石门村卫生室", "茶园村卫生室", "罗家坝村卫生室", "牛角村卫生室"),
    ),
    Town(
        "南坪镇",
        "南坪镇社区卫生服务中心",
        0.085,
        18.5,
        6.0,
        6.0,
        16,
        0.195,
        0.050,
        "BD09",
        -0.35,
        ("河口社区卫生服务站", "李家沟村卫生室", "大树村卫生室", "长冲村卫生室"),
    ),
    Town(
        "马鞍镇",
        "马鞍镇社区卫生服务中心",
        0.072,
        30.0,
        9.5,
        5.6,
        14,
        0.20,
        0.048,
        "WGS84",
        0.10,
        ("马鞍社区卫生服务站", "杏坪村卫生室", "水井村卫生室", "枫香村卫生室"),
    ),
    Town(
        "龙泉镇",
        "龙泉镇社区卫生服务中心",
        0.062,
        6.0,
        11.0,
        5.6,
        13,
        0.205,
        0.047,
        "GCJ02",
        -0.20,
        ("龙泉社区卫生服务站", "桃花村卫生室", "古井村卫生室"),
    ),
    Town(
        "白沙乡",
        "白沙乡社区卫生服务中心",
        0.048,
        29.0,
        26.0,
        5.0,
        5,
        0.215,
        0.045,
        "WGS84",
        0.35,
        ("白沙村卫生室", "沙溪村卫生室", "蒋家村卫生室", "岩口村卫生室"),
    ),
    Town(
        "云台乡",
        "云台乡社区卫生服务中心",
        0.040,
        14.0,
        27.0,
        4.6,
        11,
        0.225,
        0.043,
        "BD09",
        -0.05,
        ("云台村卫生室", "松林村卫生室", "半山村卫生室"),
    ),
)
# Stands beside the centres: gives most of the town seat's vaccinations and large health checks.
COUNTY_CLINIC = "云岭县公共卫生服务门诊"

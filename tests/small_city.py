"""A city small enough to read: two districts, three streets, a few units and codes."""

from datetime import UTC, datetime

from sqlalchemy import Connection

from engine.clock import Clock
from registers.codes import CodeRegister
from registers.org import UnitRegister
from registers.regions import RegionRegister

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)  # a Monday, 09:30 in the city
CITY, NANGANG, DAOLI = "230100000000", "230103000000", "230102000000"
JIEDAO, COMMUNITY = "230103002000", "230103002001"

REGIONS = """code,name,level,parent_code
230000000000,黑龙江省,province,
230100000000,哈尔滨市,city,230000000000
230102000000,道里区,district,230100000000
230103000000,南岗区,district,230100000000
230102005000,新华街道,street,230102000000
230103002000,花园街道,street,230103000000
230103003000,新华街道,street,230103000000
230103002001,繁荣社区居委会,community,230103002000
"""
UNITS = """code,name,kind,parent,region_code
230100,市指挥中心,city_centre,,230100000000
230100-CG,市城市管理局,department,230100,230100
230100-ZJ,市住房和城乡建设局,department,230100,230100
230103,南岗区中心,district,230100,230103
230103002,花园街道办事处,street,230103,230103002
"""
CODES = {
    "channels": 'code,name,data\nhotline,12345热线,"{""number"": ""01""}"\nmailbox,领导信箱,"{""number"": ""02""}"\n',
    "categories": "code,name,parent\n0101,井盖缺损,01\nHR01,供热不足,HR\n",
    "labels": "code,name\nL1,城乡建设\n",
    "request_types": "code,name\n投诉,投诉\n求助,求助\n咨询,咨询\n",
    "urgencies": "code,name\n一般,一般\n紧急,紧急\n特急,特急\n",
    "refusal_reasons": "code,name\nR01,不属于本市管辖\n",
    "hotlines": "code,name\n110,110报警电话\n",
}


def rows_of(text: str) -> list[dict[str, str]]:
    """Read the rows of a comma-separated text without quotes."""
    header, *lines = text.strip().splitlines()
    return [dict(zip(header.split(","), line.split(","), strict=True)) for line in lines]


def load_small_city(connection: Connection, clock: Clock) -> None:
    """Load regions, units and codes."""
    RegionRegister(connection, clock).load(rows_of(REGIONS))
    UnitRegister(connection, clock).load(rows_of(UNITS))
    for table, text in CODES.items():
        CodeRegister(connection, clock).load_csv(table, text)

"""Code tables."""

import pytest

from engine.errors import Invalid, NotFound
from registers.codes import CodeRegister


@pytest.fixture
def codes(connection, clock):
    return CodeRegister(connection, clock)


def test_a_table_keeps_the_order_and_the_further_columns_of_its_file(codes):
    codes.load_csv("channels", "\ufeffcode,name,number,parent\nweb,网站,07,online\napp,手机,03,\n")
    first, second = codes.list_codes("channels")
    assert (first.code, first.name, first.parent, first.data) == ("web", "网站", "online", {"number": "07"})
    assert second.parent is None
    assert codes.list_tables() == ("channels",)
    assert [code.code for code in codes.list_codes("channels", parent="online")] == ["web"]


def test_the_column_data_holds_a_json_object_and_position_the_order(codes):
    codes.load_csv("t", 'table,code,name,parent,position,enabled,data\nt,b,B,,2,true,"{""n"": 1}"\nt,a,A,,1,false,\n')
    assert [code.code for code in codes.list_codes("t", enabled=None)] == ["a", "b"]
    assert codes.find("t", "b").data == {"n": 1}
    assert codes.find("t", "a").enabled is False


def test_one_file_may_hold_several_tables(codes):
    codes.load_csv("ignored", "table,code,name\nx,1,one\ny,1,uno\n")
    assert codes.list_tables() == ("x", "y")
    assert codes.name_of("y", "1") == "uno"


def test_a_file_without_a_code_is_keyed_by_its_whole_row(codes):
    codes.load_csv("permissions", "role,permission\nacceptor,case.read\nacceptor,case.report\n")
    assert [code.data for code in codes.list_codes("permissions")] == [
        {"role": "acceptor", "permission": "case.read"},
        {"role": "acceptor", "permission": "case.report"},
    ]


def test_a_value_that_left_the_file_is_disabled_but_keeps_its_name(codes):
    codes.load_csv("t", "code,name\na,Alpha\nb,Beta\n")
    codes.load_csv("t", "code,name\nb,Beta2\n")
    assert [code.name for code in codes.list_codes("t")] == ["Beta2"]
    assert codes.name_of("t", "a") == "Alpha"
    with pytest.raises(NotFound, match="no code a in the table t"):
        codes.require("t", "a")


def test_every_wrong_row_is_named_and_nothing_is_loaded(codes):
    with pytest.raises(Invalid) as caught:
        codes.load_csv("t", "code,name,data\n,empty,\na,A,\na,again,\nb,B,[1]\n" + f"c,{'x' * 201},\n")
    assert [(problem.where, problem.code) for problem in caught.value.problems] == [
        ("row 2", "code-missing"),
        ("row 4", "code-twice"),
        ("row 5", "code-data-malformed"),
        ("row 6", "code-name-too-long"),
    ]
    assert codes.list_codes("t") == ()


def test_the_name_of_an_unknown_code_is_the_code(codes):
    assert codes.name_of("t", "zzz") == "zzz"
    assert codes.find_by_name("t", "zzz") is None

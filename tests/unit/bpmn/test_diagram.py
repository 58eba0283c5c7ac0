"""The picture of a diagram: everything that is drawn, what is done, live and late, and nothing that could act."""

import re

import pytest
from lxml import etree

from engine.bpmn.diagram import Mark, render
from engine.bpmn.lettering import width_of, wrap
from engine.bpmn.routes import beside, rounded
from engine.errors import DeploymentError, NotFound
from tests.builders.diagrams import HEAD

SVG = "{http://www.w3.org/2000/svg}"
DI = (
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
    'xmlns:di="http://www.omg.org/spec/DD/20100524/DI"'
)
ELEMENTS = """<bpmn:process id="p" isExecutable="true">
<bpmn:startEvent id="start" name="上报"/>
<bpmn:userTask id="look" name="街道办事处受理登记并核对五要素"/>
<bpmn:exclusiveGateway id="choose" name="结论" default="no"/>
<bpmn:boundaryEvent id="late" attachedToRef="look" cancelActivity="false" name="超时"><bpmn:timerEventDefinition/>
</bpmn:boundaryEvent>
<bpmn:endEvent id="end" name="结束"><bpmn:messageEventDefinition/></bpmn:endEvent>
<bpmn:sequenceFlow id="to_look" sourceRef="start" targetRef="look"/>
<bpmn:sequenceFlow id="to_choose" sourceRef="look" targetRef="choose"/>
<bpmn:sequenceFlow id="no" name="否" sourceRef="choose" targetRef="end"/>
</bpmn:process>"""
PLACES = {
    "start": (100, 100, 36, 36),
    "look": (200, 80, 100, 80),
    "choose": (360, 95, 50, 50),
    "late": (282, 142, 36, 36),
    "end": (480, 102, 36, 36),
}
LINES = {
    "to_look": ((136, 118), (200, 120)),
    "to_choose": ((300, 120), (360, 120)),
    "no": ((410, 120), (440, 120), (440, 180), (498, 180), (498, 138)),
}


def drawn(elements: str = ELEMENTS, places: dict[str, object] | None = None) -> bytes:
    shapes = "".join(
        f'<bpmndi:BPMNShape id="{name}_di" bpmnElement="{name}">'
        f'<dc:Bounds x="{box[0]}" y="{box[1]}" width="{box[2]}" height="{box[3]}"/></bpmndi:BPMNShape>'
        for name, box in (places or PLACES).items()
    )
    edges = "".join(
        f'<bpmndi:BPMNEdge id="{name}_di" bpmnElement="{name}">'
        + "".join(f'<di:waypoint x="{x}" y="{y}"/>' for x, y in points)
        + "</bpmndi:BPMNEdge>"
        for name, points in LINES.items()
    )
    plane = f'<bpmndi:BPMNPlane id="pl" bpmnElement="p">{shapes}{edges}</bpmndi:BPMNPlane>'
    plane = f'<bpmndi:BPMNDiagram id="d">{plane}</bpmndi:BPMNDiagram>'
    return (
        HEAD.replace('id="definitions"', f'{DI} id="definitions"') + elements + plane + "</bpmn:definitions>"
    ).encode()


def picture(xml: bytes, marks: dict[str, Mark] | None = None) -> etree._Element:
    return etree.fromstring(render(xml, marks))


def group(root: etree._Element, element_id: str) -> etree._Element:
    [found] = [one for one in root.iter(f"{SVG}g") if one.get("data-element") == element_id]
    return found


def test_every_drawn_element_is_in_the_picture_with_its_name():
    root = picture(drawn())
    assert {one.get("data-element") for one in root.iter(f"{SVG}g")} - {None} == set(PLACES)
    assert {one.get("data-flow") for one in root.iter(f"{SVG}g")} - {None} == set(LINES)
    assert group(root, "look").findtext(f"{SVG}title") == "街道办事处受理登记并核对五要素"
    texts = "".join(one.text or "" for one in root.iter(f"{SVG}text"))
    for name in ("上报", "结论", "超时", "结束", "否"):
        assert name in texts


def test_the_picture_is_as_large_as_what_is_drawn():
    x, y, width, height = (float(part) for part in picture(drawn()).get("viewBox").split())
    assert x < 100
    assert x + width > 516
    assert y < 80
    assert y + height > 180


def test_long_names_are_broken_into_lines_that_fit():
    lines = [one.text for one in group(picture(drawn()), "look").iter(f"{SVG}text")]
    assert [len(line) for line in lines] == [5, 5, 5]
    assert "".join(lines) == "街道办事处受理登记并核对五要素"
    assert all(width_of(line) * 12 <= 100 for line in lines)


def test_what_is_done_live_and_late_is_marked_by_more_than_colour():
    root = picture(drawn(), {"start": Mark.DONE, "look": Mark.DONE, "choose": Mark.LIVE, "end": Mark.LATE})
    assert group(root, "look").get("data-mark") == "done"
    assert group(root, "choose").get("data-mark") == "live"
    assert group(root, "late").get("data-mark") is None
    plain = {path.get("d") for path in group(picture(drawn()), "look").iter(f"{SVG}path")}
    assert {path.get("d") for path in group(root, "look").iter(f"{SVG}path")} - plain, "a tick"
    live = group(root, "choose").find(f"{SVG}path").get("stroke-width")
    assert float(live) > float(group(picture(drawn()), "choose").find(f"{SVG}path").get("stroke-width"))


def test_a_flow_that_was_taken_is_drawn_as_taken():
    root = picture(drawn(), {"start": Mark.DONE, "look": Mark.LIVE})
    arrows = [path.get("marker-end") for path in root.iter(f"{SVG}path") if path.get("marker-end")]
    assert sorted(arrows) == ["url(#arrow)", "url(#arrow)", "url(#arrow-done)"]


def test_a_boundary_event_that_does_not_interrupt_is_dashed():
    circles = list(group(picture(drawn()), "late").iter(f"{SVG}circle"))
    assert len(circles) == 2
    assert all(circle.get("stroke-dasharray") for circle in circles)


def test_nothing_in_the_picture_can_act_or_load():
    hostile = ELEMENTS.replace('name="上报"', 'name="&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&quot;x"')
    content = render(drawn(hostile)).decode()
    root = etree.fromstring(content.encode())
    tags = {etree.QName(one).localname for one in root.iter()}
    assert tags <= {"svg", "rect", "marker", "path", "g", "title", "circle", "text"}
    for element in root.iter():
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on")
            assert "href" not in name
            assert "javascript" not in value
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", content)


@pytest.mark.parametrize("broken", ["nan", "inf", "1e308", "x", ""])
def test_a_place_that_is_no_number_does_not_break_the_picture(broken):
    places = dict(PLACES, start=(broken, 100, 36, 36))
    viewbox = picture(drawn(places=places)).get("viewBox")
    assert all(abs(float(part)) < 1e6 for part in viewbox.split())


def test_a_file_without_a_picture_says_so():
    with pytest.raises(NotFound) as refused:
        render((HEAD + ELEMENTS + "</bpmn:definitions>").encode(), file="a.bpmn")
    assert refused.value.key == "no-picture"


def test_a_hostile_file_is_refused_before_anything_is_drawn():
    with pytest.raises(DeploymentError):
        render(b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')


@pytest.mark.parametrize(
    ("text", "width", "lines", "expected"),
    [
        ("受理", 6, 3, ["受理"]),
        ("受理登记", 3, 2, ["受理", "登记"]),
        ("是否符合，立案条件", 5, 3, ["是否符合，", "立案条件"]),
        ("一二三四五六七八九十", 3, 2, ["一二三", "四五…"]),
        ("register the case", 6, 3, ["register", "the case"]),
        ("", 6, 3, []),
        ("  空 格  ", 6, 3, ["空 格"]),
    ],
)
def test_text_breaks_where_a_reader_would_break_it(text, width, lines, expected):
    assert wrap(text, width, lines) == expected


def test_corners_are_rounded_and_labels_stand_beside_the_longest_stretch():
    assert rounded([(0, 0), (10, 0)]) == "M0 0L10 0"
    assert rounded([(0, 0), (20, 0), (20, 20)]).count("Q") == 1
    assert rounded([(0, 0), (0, 0), (0, 0)]).startswith("M0 0")
    x, y = beside([(0, 0), (100, 0), (100, 10)], 20, 10)
    assert (x, y < 0) == (50, True)

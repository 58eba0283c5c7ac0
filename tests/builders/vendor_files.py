"""Diagrams as the common modellers write them: their headers, prefixes, extensions, colours and pictures.

Written for these tests after the habits of each program; every one of them can be executed.
"""

from typing import Final

SIGNAVIO_LIKE: Final = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:omgdc="http://www.omg.org/spec/DD/20100524/DC"
    xmlns:omgdi="http://www.omg.org/spec/DD/20100524/DI" xmlns:signavio="http://www.signavio.com"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" exporter="Signavio Process Editor, http://www.signavio.com"
    exporterVersion="15.4.0" expressionLanguage="http://www.w3.org/1999/XPath" id="sid-definitions-1"
    targetNamespace="http://www.signavio.com" typeLanguage="http://www.w3.org/2001/XMLSchema"
    xsi:schemaLocation="http://www.omg.org/spec/BPMN/20100524/MODEL
    http://www.omg.org/spec/BPMN/2.0/20100501/BPMN20.xsd">
   <collaboration id="sid-collaboration-1">
      <extensionElements><signavio:signavioDiagramMetaData metaKey="revisionid" metaValue="7af31c"/></extensionElements>
      <participant id="sid-pool-1" name="社区" processRef="signavio_like">
         <extensionElements><signavio:signavioMetaData metaKey="bgcolor" metaValue="#ffffff"/></extensionElements>
      </participant>
   </collaboration>
   <process id="signavio_like" isClosed="false" isExecutable="true" name="井盖报修" processType="None">
      <extensionElements/>
      <laneSet id="sid-laneset-1">
         <lane id="sid-lane-1" name="网格员">
            <extensionElements><signavio:signavioMetaData metaKey="bgcolor" metaValue=""/></extensionElements>
            <flowNodeRef>sid-start-1</flowNodeRef>
            <flowNodeRef>sid-task-1</flowNodeRef>
            <flowNodeRef>sid-end-1</flowNodeRef>
         </lane>
      </laneSet>
      <startEvent id="sid-start-1" name="发现">
         <extensionElements><signavio:signavioMetaData metaKey="bgcolor" metaValue="#ffffff"/></extensionElements>
         <outgoing>sid-flow-1</outgoing>
      </startEvent>
      <userTask completionQuantity="1" id="sid-task-1" implementation="webService" isForCompensation="false"
          name="现场&#10;核实" startQuantity="1">
         <extensionElements>
            <signavio:signavioMetaData metaKey="bgcolor" metaValue="#ffffcc"/>
            <signavio:signavioLabel ref="text_name" x="50.0" y="40.0" align="middle"/>
         </extensionElements>
         <incoming>sid-flow-1</incoming>
         <outgoing>sid-flow-2</outgoing>
      </userTask>
      <endEvent id="sid-end-1" name="办结"><incoming>sid-flow-2</incoming></endEvent>
      <sequenceFlow id="sid-flow-1" isImmediate="true" sourceRef="sid-start-1" targetRef="sid-task-1"/>
      <sequenceFlow id="sid-flow-2" sourceRef="sid-task-1" targetRef="sid-end-1">
         <extensionElements><signavio:signavioMetaData metaKey="bordercolor" metaValue="#000000"/></extensionElements>
      </sequenceFlow>
   </process>
   <bpmndi:BPMNDiagram id="sid-diagram-1">
      <bpmndi:BPMNPlane bpmnElement="sid-collaboration-1" id="sid-plane-1">
         <bpmndi:BPMNShape bpmnElement="sid-pool-1" id="sid-pool-1_gui" isHorizontal="true">
            <omgdc:Bounds height="160.0" width="460.0" x="60.0" y="60.0"/>
         </bpmndi:BPMNShape>
         <bpmndi:BPMNShape bpmnElement="sid-lane-1" id="sid-lane-1_gui" isHorizontal="true">
            <omgdc:Bounds height="160.0" width="430.0" x="90.0" y="60.0"/>
         </bpmndi:BPMNShape>
         <bpmndi:BPMNShape bpmnElement="sid-start-1" id="sid-start-1_gui">
            <omgdc:Bounds height="30.0" width="30.0" x="140.0" y="125.0"/>
            <bpmndi:BPMNLabel labelStyle="sid-style-1">
               <omgdc:Bounds height="12.0" width="30.0" x="140.0" y="158.0"/>
            </bpmndi:BPMNLabel>
         </bpmndi:BPMNShape>
         <bpmndi:BPMNShape bpmnElement="sid-task-1" id="sid-task-1_gui">
            <omgdc:Bounds height="80.0" width="100.0" x="230.0" y="100.0"/>
         </bpmndi:BPMNShape>
         <bpmndi:BPMNShape bpmnElement="sid-end-1" id="sid-end-1_gui">
            <omgdc:Bounds height="28.0" width="28.0" x="400.0" y="126.0"/>
         </bpmndi:BPMNShape>
         <bpmndi:BPMNEdge bpmnElement="sid-flow-1" id="sid-flow-1_gui">
            <omgdi:waypoint x="170.0" y="140.0"/><omgdi:waypoint x="230.0" y="140.0"/>
         </bpmndi:BPMNEdge>
         <bpmndi:BPMNEdge bpmnElement="sid-flow-2" id="sid-flow-2_gui">
            <omgdi:waypoint x="330.0" y="140.0"/><omgdi:waypoint x="400.0" y="140.0"/>
         </bpmndi:BPMNEdge>
      </bpmndi:BPMNPlane>
      <bpmndi:BPMNLabelStyle id="sid-style-1">
         <omgdc:Font isBold="false" isItalic="false"
            isStrikeThrough="false" isUnderline="false" name="Arial"
            size="11.0"/>
      </bpmndi:BPMNLabelStyle>
   </bpmndi:BPMNDiagram>
</definitions>
"""

BIZAGI_LIKE: Final = """<?xml version="1.0"?>\r
<definitions xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"\r
  targetNamespace="http://www.bizagi.com/definitions/_6b8c" xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"\r
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn">\r
  <process id="Id_bizagi_like" name="占道经营" isExecutable="true">\r
    <documentation />\r
    <extensionElements>\r
      <bizagi:BizagiExtensions xmlns:bizagi="http://www.bizagi.com/bpmn20">\r
        <bizagi:BizagiProperties>\r
          <bizagi:BizagiProperty name="bgColor" value="White" />\r
          <bizagi:BizagiProperty name="borderColor" value="Black" />\r
        </bizagi:BizagiProperties>\r
      </bizagi:BizagiExtensions>\r
    </extensionElements>\r
    <startEvent id="Id_start" name="">\r
      <outgoing>Id_f1</outgoing>\r
    </startEvent>\r
    <exclusiveGateway id="Id_choice" name="是否占道" gatewayDirection="Unspecified" default="Id_f3">\r
      <incoming>Id_f1</incoming>\r
      <outgoing>Id_f2</outgoing>\r
      <outgoing>Id_f3</outgoing>\r
    </exclusiveGateway>\r
    <userTask id="Id_task" name="劝离" camunda:candidateGroups="handlers" implementation="##unspecified">\r
      <documentation />\r
      <extensionElements>\r
        <bizagi:BizagiExtensions xmlns:bizagi="http://www.bizagi.com/bpmn20">\r
          <bizagi:BizagiProperties>\r
            <bizagi:BizagiProperty name="bgColor" value="#ECEFFF" />\r
          </bizagi:BizagiProperties>\r
        </bizagi:BizagiExtensions>\r
      </extensionElements>\r
      <incoming>Id_f2</incoming>\r
      <outgoing>Id_f4</outgoing>\r
    </userTask>\r
    <endEvent id="Id_end" name="">\r
      <incoming>Id_f3</incoming>\r
      <incoming>Id_f4</incoming>\r
    </endEvent>\r
    <sequenceFlow id="Id_f1" sourceRef="Id_start" targetRef="Id_choice" />\r
    <sequenceFlow id="Id_f2" name="是" sourceRef="Id_choice" targetRef="Id_task">\r
      <conditionExpression xsi:type="tFormalExpression"\r
        ><![CDATA[blocked = true and width > 1]]></conditionExpression>\r
    </sequenceFlow>\r
    <sequenceFlow id="Id_f3" name="否" sourceRef="Id_choice" targetRef="Id_end" />\r
    <sequenceFlow id="Id_f4" sourceRef="Id_task" targetRef="Id_end" />\r
  </process>\r
  <BPMNDiagram id="Diagram_1" documentation="" resolution="96" xmlns="http://www.omg.org/spec/BPMN/20100524/DI">\r
    <BPMNPlane id="DiagramElement_1" bpmnElement="Id_bizagi_like">\r
      <extension xmlns="http://www.omg.org/spec/DD/20100524/DI" />\r
      <BPMNShape id="Shape_1" bpmnElement="Id_start">\r
        <extension xmlns="http://www.omg.org/spec/DD/20100524/DI" />\r
        <Bounds x="30" y="50" width="30" height="30" xmlns="http://www.omg.org/spec/DD/20100524/DC" />\r
        <BPMNLabel id="Label_1"><extension xmlns="http://www.omg.org/spec/DD/20100524/DI" /></BPMNLabel>\r
      </BPMNShape>\r
      <BPMNShape id="Shape_2" bpmnElement="Id_choice" isMarkerVisible="true">\r
        <Bounds x="110" y="45" width="40" height="40" xmlns="http://www.omg.org/spec/DD/20100524/DC" />\r
      </BPMNShape>\r
      <BPMNShape id="Shape_3" bpmnElement="Id_task">\r
        <Bounds x="200" y="35" width="90" height="60" xmlns="http://www.omg.org/spec/DD/20100524/DC" />\r
      </BPMNShape>\r
      <BPMNShape id="Shape_4" bpmnElement="Id_end">\r
        <Bounds x="350" y="50" width="30" height="30" xmlns="http://www.omg.org/spec/DD/20100524/DC" />\r
      </BPMNShape>\r
      <BPMNEdge id="Edge_1" bpmnElement="Id_f2">\r
        <waypoint x="150" y="65" xmlns="http://www.omg.org/spec/DD/20100524/DI" />\r
        <waypoint x="200" y="65" xmlns="http://www.omg.org/spec/DD/20100524/DI" />\r
      </BPMNEdge>\r
    </BPMNPlane>\r
  </BPMNDiagram>\r
</definitions>\r
"""

CAMUNDA_LIKE: Final = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0"
  xmlns:color="http://www.omg.org/spec/BPMN/non-normative/color/1.0" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
  xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="Definitions_0k3" targetNamespace="http://bpmn.io/schema/bpmn"
  exporter="Camunda Modeler" exporterVersion="5.19.0" modeler:executionPlatform="Camunda Platform"
  modeler:executionPlatformVersion="7.20.0">
  <bpmn:process id="camunda_like" name="催办" isExecutable="true" camunda:versionTag="1"
    camunda:historyTimeToLive="180">
    <bpmn:startEvent id="StartEvent_1"><bpmn:outgoing>Flow_1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="Activity_1" name="办理" camunda:candidateGroups="handlers">
      <bpmn:extensionElements>
        <camunda:properties><camunda:property name="hint" value="先核实" /></camunda:properties>
        <camunda:inputOutput><camunda:outputParameter name="done">= true</camunda:outputParameter></camunda:inputOutput>
      </bpmn:extensionElements>
      <bpmn:incoming>Flow_1</bpmn:incoming>
      <bpmn:outgoing>Flow_2</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:boundaryEvent id="Event_1" name="一天" cancelActivity="false" attachedToRef="Activity_1">
      <bpmn:outgoing>Flow_3</bpmn:outgoing>
      <bpmn:timerEventDefinition id="TimerEventDefinition_1">
        <bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P1D</bpmn:timeDuration>
      </bpmn:timerEventDefinition>
    </bpmn:boundaryEvent>
    <bpmn:endEvent id="Event_2"><bpmn:incoming>Flow_2</bpmn:incoming></bpmn:endEvent>
    <bpmn:endEvent id="Event_3"><bpmn:incoming>Flow_3</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="Flow_1" sourceRef="StartEvent_1" targetRef="Activity_1" />
    <bpmn:sequenceFlow id="Flow_2" sourceRef="Activity_1" targetRef="Event_2" />
    <bpmn:sequenceFlow id="Flow_3" sourceRef="Event_1" targetRef="Event_3" />
    <bpmn:textAnnotation id="TextAnnotation_1">
      <bpmn:text>超时提醒<!-- not for print --></bpmn:text>
    </bpmn:textAnnotation>
    <bpmn:association id="Association_1" associationDirection="None" sourceRef="Event_1" targetRef="TextAnnotation_1" />
    <bpmn:group id="Group_1" categoryValueRef="CategoryValue_1" />
  </bpmn:process>
  <bpmn:category id="Category_1"><bpmn:categoryValue id="CategoryValue_1" value="期限" /></bpmn:category>
  <bpmndi:BPMNDiagram id="BPMNDiagram_1">
    <bpmndi:BPMNPlane id="BPMNPlane_1" bpmnElement="camunda_like">
      <bpmndi:BPMNShape id="StartEvent_1_di" bpmnElement="StartEvent_1">
        <dc:Bounds x="152" y="102" width="36" height="36" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="Activity_1_di" bpmnElement="Activity_1" bioc:stroke="#205022" bioc:fill="#c8e6c9"
        color:background-color="#c8e6c9" color:border-color="#205022">
        <dc:Bounds x="240" y="80" width="100" height="80" /><bpmndi:BPMNLabel color:color="#205022" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="Event_1_di" bpmnElement="Event_1">
        <dc:Bounds x="272" y="142" width="36" height="36" />
        <bpmndi:BPMNLabel><dc:Bounds x="311" y="173" width="22" height="14" /></bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="Event_2_di" bpmnElement="Event_2">
        <dc:Bounds x="392" y="102" width="36" height="36" /></bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="Event_3_di" bpmnElement="Event_3">
        <dc:Bounds x="392" y="202" width="36" height="36" /></bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="Flow_1_di" bpmnElement="Flow_1" bioc:stroke="#205022">
        <di:waypoint x="188" y="120" /><di:waypoint x="240" y="120" />
      </bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""

ZEEBE_LIKE: Final = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="Definitions_1" targetNamespace="http://bpmn.io/schema/bpmn"
  exporter="Camunda Web Modeler" exporterVersion="1" modeler:executionPlatform="Camunda Cloud"
  modeler:executionPlatformVersion="8.5.0">
  <bpmn:process id="zeebe_like" name="复核" isExecutable="true">
    <bpmn:extensionElements>
      <zeebe:userTaskForm id="userTaskForm_1">{"components": []}</zeebe:userTaskForm>
    </bpmn:extensionElements>
    <bpmn:startEvent id="start"><bpmn:outgoing>to_check</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="check" name="复核">
      <bpmn:extensionElements>
        <zeebe:formDefinition formKey="camunda-forms:bpmn:userTaskForm_1" />
      </bpmn:extensionElements>
      <bpmn:incoming>to_check</bpmn:incoming>
      <bpmn:outgoing>checked</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:exclusiveGateway id="agreed" default="no">
      <bpmn:incoming>checked</bpmn:incoming>
      <bpmn:outgoing>yes</bpmn:outgoing>
      <bpmn:outgoing>no</bpmn:outgoing>
    </bpmn:exclusiveGateway>
    <bpmn:endEvent id="accepted"><bpmn:incoming>yes</bpmn:incoming></bpmn:endEvent>
    <bpmn:endEvent id="rejected"><bpmn:incoming>no</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="to_check" sourceRef="start" targetRef="check" />
    <bpmn:sequenceFlow id="checked" sourceRef="check" targetRef="agreed" />
    <bpmn:sequenceFlow id="yes" sourceRef="agreed" targetRef="accepted">
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=agree = true</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="no" sourceRef="agreed" targetRef="rejected" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="BPMNDiagram_1">
    <bpmndi:BPMNPlane id="BPMNPlane_1" bpmnElement="zeebe_like">
      <bpmndi:BPMNShape id="check_di" bpmnElement="check">
        <dc:Bounds x="240" y="80" width="100" height="80" /></bpmndi:BPMNShape>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""

# Every reference is a qualified name, under prefixes of its own; the first of its pictures shows nothing.
QUALIFIED: Final = """<?xml version="1.0" encoding="UTF-8"?>
<semantic:definitions xmlns:semantic="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:tns="http://www.example.org/city" xmlns:pic="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:c="http://www.omg.org/spec/DD/20100524/DC" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
  xmlns:EAUML="http://www.sparxsystems.com/profiles/EAUML/1.0" targetNamespace="http://www.example.org/city" id="d">
  <semantic:itemDefinition id="text" structureRef="xsd:string" />
  <semantic:message id="report" name="report" itemRef="tns:text" />
  <semantic:error id="nobody" errorCode="NOBODY" />
  <semantic:process id="qualified" isExecutable="true" EAUML:stereotype="BusinessProcess">
    <semantic:startEvent id="begin"><semantic:outgoing>tns:f1</semantic:outgoing></semantic:startEvent>
    <semantic:receiveTask id="wait" messageRef="tns:report">
      <semantic:incoming>tns:f1</semantic:incoming>
      <semantic:outgoing>tns:f2</semantic:outgoing>
    </semantic:receiveTask>
    <semantic:subProcess id="work">
      <semantic:incoming>tns:f2</semantic:incoming>
      <semantic:outgoing>tns:f3</semantic:outgoing>
      <semantic:startEvent id="inside" />
      <semantic:endEvent id="failed"><semantic:errorEventDefinition errorRef="tns:nobody" /></semantic:endEvent>
      <semantic:sequenceFlow id="f0" sourceRef="tns:inside" targetRef="tns:failed" />
    </semantic:subProcess>
    <semantic:boundaryEvent id="caught" attachedToRef="tns:work">
      <semantic:outgoing>tns:f4</semantic:outgoing>
      <semantic:errorEventDefinition errorRef="tns:nobody" />
    </semantic:boundaryEvent>
    <semantic:exclusiveGateway id="choose" default="tns:f5" />
    <semantic:endEvent id="done" />
    <semantic:endEvent id="escaped" />
    <semantic:sequenceFlow id="f1" sourceRef="tns:begin" targetRef="tns:wait" />
    <semantic:sequenceFlow id="f2" sourceRef="tns:wait" targetRef="tns:work" />
    <semantic:sequenceFlow id="f3" sourceRef="tns:work" targetRef="tns:choose" />
    <semantic:sequenceFlow id="f5" sourceRef="tns:choose" targetRef="tns:done" />
    <semantic:sequenceFlow id="f6" sourceRef="tns:choose" targetRef="tns:escaped">
      <semantic:conditionExpression>again = true</semantic:conditionExpression>
    </semantic:sequenceFlow>
    <semantic:sequenceFlow id="f4" sourceRef="tns:caught" targetRef="tns:escaped" />
  </semantic:process>
  <pic:BPMNDiagram id="empty"><pic:BPMNPlane id="p0" bpmnElement="tns:qualified" /></pic:BPMNDiagram>
  <pic:BPMNDiagram id="main"><pic:BPMNPlane id="p1" bpmnElement="tns:qualified">
    <pic:BPMNShape id="s1" bpmnElement="tns:wait"><c:Bounds x="10" y="10" width="90" height="60" /></pic:BPMNShape>
  </pic:BPMNPlane></pic:BPMNDiagram>
  <pic:BPMNDiagram id="detail"><pic:BPMNPlane id="p2" bpmnElement="tns:work">
    <pic:BPMNShape id="s2" bpmnElement="tns:inside"><c:Bounds x="10" y="10" width="30" height="30" /></pic:BPMNShape>
  </pic:BPMNPlane></pic:BPMNDiagram>
</semantic:definitions>
"""

# Process key → file as its program writes it.
VENDOR_FILES: Final = {
    "signavio_like": SIGNAVIO_LIKE.encode(),
    "Id_bizagi_like": b"\xef\xbb\xbf" + BIZAGI_LIKE.encode(),
    "camunda_like": CAMUNDA_LIKE.encode(),
    "zeebe_like": ZEEBE_LIKE.encode(),
    "qualified": QUALIFIED.encode(),
}

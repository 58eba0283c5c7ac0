"""The process engine: knows BPMN and DMN, knows no governance word."""

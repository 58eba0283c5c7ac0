"""A city with people for each test of the interface."""

from tests.api_fixtures import app, as_, city_template, city_url, clock, complete_report, report

__all__ = ["app", "as_", "city_template", "city_url", "clock", "complete_report", "report"]

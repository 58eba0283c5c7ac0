"""A city with people for each acceptance test."""

from tests.api_fixtures import app, as_, city_template, city_url, clock, complete_report, report

__all__ = ["app", "as_", "city_template", "city_url", "clock", "complete_report", "report"]

"""Taking files of other systems in: profiles say what their columns mean."""

from api.intake.importing import BadRow, IntakeReport, import_file
from api.intake.profiles import Profile, load_profiles

__all__ = ["BadRow", "IntakeReport", "Profile", "import_file", "load_profiles"]

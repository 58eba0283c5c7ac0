"""The registers: the nouns of the city. Importing this package makes `Base.metadata` complete."""

from registers import cards, cases, codes, media, notices, org, references, regions

__all__ = ["cards", "cases", "codes", "media", "notices", "org", "references", "regions"]

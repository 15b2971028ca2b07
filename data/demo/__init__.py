"""The demo district: one seeded generator that writes a folder of source files as real systems export them."""

from data.demo.district import DemoSummary, last_month, write_district

__all__ = ["DemoSummary", "last_month", "write_district"]

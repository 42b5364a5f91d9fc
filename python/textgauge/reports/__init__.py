"""Reports: a page of HTML on one or more systems, with every number, chart and row that one wants to look at.

`making` reads columns, `gather` finds all that is to be told of them, `numbers` puts that into plain values, `pairs`
and `blocks` pack rows, and `document` fills the template. What runs in the browser stands in the folder `page`.
"""

from textgauge.reports.making import Report, report

__all__ = ["Report", "report"]

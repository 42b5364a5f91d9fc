"""Drop-in for jiwer 4.0.0: `import textgauge.compat.jiwer as jiwer`."""

from textgauge.compat.jiwer.alignment import *
from textgauge.compat.jiwer.measures import *
from textgauge.compat.jiwer.process import *
from textgauge.compat.jiwer.transformations import *
from textgauge.compat.jiwer.transforms import *

name = "jiwer"

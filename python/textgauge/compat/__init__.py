"""Drop-ins: the modules of other packages, with textgauge inside. Change one import, and keep your numbers.

A module here has the names, arguments, return types, exceptions and numbers of the package it is called after, at the
version that its first lines state. It calls the metrics of textgauge and gives their numbers the shape that the other
package gives them. None needs that package to be installed, but for torchmetrics, whose classes are built upon.
"""

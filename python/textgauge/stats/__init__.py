"""Statistics of scores: intervals, comparisons of systems, and the peers' own statistics."""

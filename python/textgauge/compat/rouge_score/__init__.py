"""Drop-in for rouge-score 0.1.2: `from textgauge.compat.rouge_score import rouge_scorer`."""

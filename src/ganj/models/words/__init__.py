"""Words of customers: hashed n-grams, linear models on them, a lexicon, topics, urgency, quotes.

No language model is downloaded: what is learned is learned from the company's own marks and labels.
"""

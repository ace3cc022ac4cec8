"""Makes labelled shares of invented files, to measure detection on (``tools/make_share.py``)."""

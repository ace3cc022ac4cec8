"""Sample files of invented people, and the scripts that make them (``python -m sample_data.make``)."""

"""Makes ``sample_data/files/``, ``sample_data/broken/`` and the manifests, always the same from one seed.

Every person is invented: names are common surnames and given names drawn by a
seeded random generator, addresses join real towns with random numbers, phone
numbers are of ranges that the plan allots but drawn at random, identification
numbers are valid only by their check digit.
"""

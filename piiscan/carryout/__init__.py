"""USB: the answer to 'may this stick leave the building?'"""

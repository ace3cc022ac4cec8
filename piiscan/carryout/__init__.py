"""USB: the answer to 'may this stick leave the building?'

``policy`` what the security team allows, signed · ``check`` reads a stick ·
``verdict`` the answer · ``record`` the signed paper of it, approvals, and what
changed since · ``certificate`` the same for people, on one page · ``signing``
the keys.
"""

"""The passes over one document, a module each; :mod:`piiscan.detect.document` says in which order they come.

What is known of the document as a whole is gathered in :mod:`profile` (its name and head) and :mod:`subject` (whom it is about).
Text is read by :mod:`reading`, with sensitive words by :mod:`sensitive`, and known names once more by :mod:`echoes`; :mod:`stretches` says
which findings stand together, :mod:`mentions` which of them are one person's, :mod:`tables_in_text` finds the tables that stand in text. Then records are joined over the
document, of prose in :mod:`letter`, of tables in :mod:`table_records`, of a personal form in :mod:`form`; :mod:`nobody` drops what is about nobody.
"""

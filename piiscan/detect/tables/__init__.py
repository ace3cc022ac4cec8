"""Tables: rows of cells go in, records of hits come out.

A sheet is parted into blocks (:mod:`piiscan.detect.tables.blocks`), each block's shape is found
(:mod:`piiscan.detect.tables.layout`), and then

* columns of records are judged as a whole (:mod:`piiscan.detect.tables.columns`)
  and every row is a record;
* a table turned on its side is turned back;
* a form (label left, value right) is read pair by pair, and once more as prose
  with an offset map, and is one record, or one for each repeated block (:mod:`piiscan.detect.tables.forms`);
* anything else is read as prose, a record a row (:mod:`piiscan.detect.tables.prose`).

A long table streams: the first rows decide, later chunks follow the plan; a
column in which nothing stood so far is looked at again. Memory is that of one
chunk and of the remembered values of each column.

One value over several cells (090|1234|5678, a digit a box) is one hit at the
first of its cells: ``start`` and ``end`` cover that cell, ``value`` and ``norm``
are the whole value; an address in pieces stands at its largest piece. 姓 and 名 are
a hit each, with the whole name as ``norm``.
"""

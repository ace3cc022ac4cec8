CREATE TABLE members (id INTEGER, name TEXT, tel TEXT);
INSERT INTO members VALUES (1, '石川真由美', '070-1083-6814'), (2, '
CREATE TABLE members (id INTEGER, name TEXT, tel TEXT, mail TEXT);
INSERT INTO members VALUES (1, '岡田拓也', '090-2790-7826', 'takuya.okada90@mail.example.jp');
INSERT INTO members VALUES (2, '松下由美子', '080-9477-1822', 'yumiko.matsushita80@example.ne.jp');
INSERT INTO members VALUES (3, '石川康弘', '070-8566-1031', 'yasuhiro.ishikawa67@mail.example.jp');
INSERT INTO members VALUES (4, '長谷川さくら', '080-8647-3041', 'sakura.hasegawa13@mail.example.jp');
INSERT INTO members VALUES (5, '藤井浩二', '070-4875-8495', 'koji.fujii66@example.ne.jp');
INSERT INTO members VALUES (6, '福田久美子', '080-9801-5665', 'kumiko.fukuda16@example.co.jp');
INSERT INTO members VALUES (7, '林翔太', '070-7595-5354', 'shota.hayashi75@example.co.jp');
INSERT INTO members VALUES (8, '加藤さくら', '090-2091-6928', 'sakura.kato34@example.ne.jp');

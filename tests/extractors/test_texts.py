"""Address books, calendars, directories, SQL dumps, escapes."""

from __future__ import annotations

import base64
import csv
import io
import itertools
import quopri
import random
import time

import pytest
from office_kit import read

from piiscan.extractors.text import delimited, plain
from piiscan.model import Line, Part, Role
from piiscan.problems import ProblemKind
from sample_data.make.build import csv_text

# ------------------------------------------------------------------------ vCard


def quoted(text: str) -> str:
    """Shift_JIS in quoted-printable, as telephones of the 2000s write it."""
    return quopri.encodestring(text.encode("cp932"), quotetabs=True).decode().replace("=\n", "=\r\n")


def test_an_old_telephone_s_card() -> None:
    card = (
        "BEGIN:VCARD\r\nVERSION:2.1\r\n"
        f"N;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:{quoted('山田;太郎')};;;\r\n"
        f"SOUND;X-IRMC-N;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:{quoted('ﾔﾏﾀﾞ;ﾀﾛｳ')};;;\r\n"
        "TEL;CELL:09012345678\r\nTEL;HOME;VOICE:03-1234-5678\r\nEMAIL;CELL:taro@example.jp\r\n"
        f"ADR;HOME;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:;;{quoted('丸の内１－１－１')};{quoted('千代田区')};{quoted('東京都')};100-0005;\r\n"
        f"NOTE;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:{quoted('長い備考' * 20)}\r\nBDAY:19800102\r\nEND:VCARD\r\n"
    )
    seen = read(card.encode("ascii"), "a.vcf")
    assert seen.formats == {"vcard"}
    assert seen.at(Part("card")).split("\n") == [
        "氏名：山田 太郎", "フリガナ：ﾔﾏﾀﾞ ﾀﾛｳ", "携帯電話：09012345678", "自宅電話：03-1234-5678", "メールアドレス：taro@example.jp", "自宅郵便番号：100-0005",
        "自宅住所：東京都千代田区丸の内１－１－１", f"備考：{'長い備考' * 20}", "生年月日：19800102",
    ]  # fmt: skip


def test_several_cards_are_rows() -> None:
    cards = "".join(
        f"BEGIN:VCARD\nVERSION:{version}\nFN:{name}\nN:{name[:2]};{name[2:]};;;\nX-PHONETIC-LAST-NAME:ヤマダ\nORG:山田商店;営業部\n"
        f'item1.TEL;TYPE=CELL,VOICE:{phone}\nitem2.TEL;VALUE=uri;TYPE="work":tel:+81-3-1234-5678\nNOTE:折り返し\\nの\n  備考\\, 二つ\nEND:VCARD\n'
        for version, name, phone in [("3.0", "山田太郎", "090-1234-5678"), ("4.0", "佐藤花子", "080-1234-5678")]
    )
    seen = read(cards.encode(), "address")
    cells = seen.cells("連絡先1")
    header = {cells[f"{letter}1"]: letter for letter in "ABCDEFGH" if f"{letter}1" in cells}
    assert cells[f"{header['氏名']}2"] == "山田太郎"
    assert cells[f"{header['携帯電話']}3"] == "080-1234-5678"
    assert cells[f"{header['勤務先電話']}2"] == "+81-3-1234-5678"
    assert cells[f"{header['会社名']}2"] == "山田商店"
    assert cells[f"{header['備考']}2"] == "折り返し\nの 備考, 二つ"


def test_photographs_and_many_cards() -> None:
    photo = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(200)).decode()
    folded = "\r\n ".join(photo[i : i + 60] for i in range(0, len(photo), 60))
    card = f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:山田太郎\r\nPHOTO;ENCODING=b;TYPE=PNG:{folded}\r\nTEL:03-1234-5678\r\nEND:VCARD\r\n"
    seen = read((card * 3).encode(), "a.vcf")
    assert seen.members == {"1 photo", "2 photo", "3 photo"}
    cards = "".join(f"BEGIN:VCARD\nFN:山田{i}\nTEL:03-1234-{i:04d}\nEND:VCARD\n" for i in range(2500))
    assert sum(len(table.rows) - 1 for table in read(cards.encode(), "a.vcf").tables) == 2500


# --------------------------------------------------------------------- calendars


def test_a_calendar_names_its_people() -> None:
    text = (
        "BEGIN:VCALENDAR\r\nX-WR-CALNAME:佐藤の予定\r\nBEGIN:VEVENT\r\nSUMMARY:面談\r\nDTSTART:20261102T100000\r\n"
        'ORGANIZER;CN="佐藤 花子":mailto:hanako@example.jp\r\nATTENDEE;ROLE=REQ-PARTICIPANT;CN=鈴木一郎:mailto:\r\n ichiro@example.jp\r\n'
        "ATTENDEE:mailto:jiro@example.jp\r\nLOCATION:会議室\\, 3階\r\nDESCRIPTION:電話は 090-1234-5678\\nまで\r\n"
        "BEGIN:VALARM\r\nACTION:DISPLAY\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    seen = read(text.encode(), "a.ics")
    assert seen.formats == {"icalendar"}
    cells = seen.cells("予定1")
    found = {cells[f"{letter}1"]: cells[f"{letter}2"] for letter in "ABCDEF"}
    assert found == {
        "件名": "面談", "開始": "20261102T100000", "場所": "会議室, 3階", "主催者": "佐藤 花子 <hanako@example.jp>",
        "参加者": "鈴木一郎 <ichiro@example.jp>, jiro@example.jp", "説明": "電話は 090-1234-5678\nまで",
    }  # fmt: skip
    assert seen.at(Part("calendar")) == "佐藤の予定"


# -------------------------------------------------------------------------- LDIF


def test_a_directory_export() -> None:
    def coded(text: str) -> str:
        return base64.b64encode(text.encode()).decode()

    text = (
        f"version: 1\n# 書き出し 佐藤\ndn:: {coded('uid=taro,ou=社員,o=example')}\nobjectClass: person\ncn:: {coded('山田 太郎')}\nmail: taro@example.jp\n"
        f"telephoneNumber: 03-1234\n -5678\nmobile: 090-1234-5678\nmobile: 080-1234-5678\njpegPhoto:: {base64.b64encode(bytes(10)).decode()}\n\n"
        f"dn: uid=hanako,o=example\ncn;lang-ja:: {coded('佐藤 花子')}\npostalAddress:: {coded('東京都千代田区丸の内1-1-1')}\n"
    )
    seen = read(text.encode(), "export.ldif")
    assert seen.formats == {"ldif"} | {form for _, form, _ in seen.pieces if form != "ldif"}
    cells = seen.cells("ディレクトリ1")
    header = {cells[f"{letter}1"]: letter for letter in "ABCDEFG" if f"{letter}1" in cells}
    assert cells[f"{header['氏名']}2"] == "山田 太郎"
    assert cells[f"{header['氏名']}3"] == "佐藤 花子"
    assert cells[f"{header['電話番号']}2"] == "03-1234-5678"
    assert cells[f"{header['携帯電話']}2"] == "090-1234-5678, 080-1234-5678"
    assert cells[f"{header['住所']}3"] == "東京都千代田区丸の内1-1-1"
    assert "書き出し 佐藤" in seen.of(Role.COMMENT)


def test_readings_in_a_directory_are_columns_of_their_own() -> None:
    text = (
        "dn: uid=a,o=example\ncn: 滝　昭\ncn;lang-ja;phonetic: タキアキラ\nsn: 滝\nsn;phonetic;lang-ja: タキ\n\n"
        "dn: cn=b,o=example\ncn: 黄 志強\ncn;lang-en: Huang Zhiqiang\nmsDS-PhoneticDisplayName: コウシキョウ\n"
    )
    cells = read(text.encode(), "export.ldif").cells("ディレクトリ1")
    header = {cells[f"{letter}1"]: letter for letter in "ABCDEFG" if f"{letter}1" in cells}
    assert cells[f"{header['氏名']}2"] == "滝　昭"
    assert cells[f"{header['氏名カナ']}2"] == "タキアキラ"
    assert cells[f"{header['姓カナ']}2"] == "タキ"
    assert cells[f"{header['氏名']}3"] == "黄 志強, Huang Zhiqiang"
    assert cells[f"{header['氏名カナ']}3"] == "コウシキョウ"


# --------------------------------------------------------------------- SQL dumps


def test_mysql_dump() -> None:
    text = (
        "-- MySQL dump 10.13  担当 佐藤\nCREATE TABLE `users` (\n  `id` int NOT NULL,\n  `氏名` varchar(50) DEFAULT 'a,b(',\n  `tel` varchar(20),\n"
        "  `memo` text,\n  PRIMARY KEY (`id`),\n  KEY `k` (`tel`)\n) ENGINE=InnoDB;\n"
        "INSERT INTO `users` VALUES (1,'山田太郎','03-1234-5678','O\\'Hara; \\\"x\\\"\\n二行'),(2,'佐藤花子',NULL,_binary 'x'),\n(3,'鈴木''一郎','',X'00FF');\n"
        "UNLOCK TABLES;\n"
    )
    seen = read(text.encode(), "backup.sql")
    assert seen.formats == {"sql"}
    cells = seen.cells("users")
    assert [cells[f"{letter}1"] for letter in "ABCD"] == ["id", "氏名", "tel", "memo"]
    assert [cells.get(f"{letter}2", "") for letter in "ABCD"] == ["1", "山田太郎", "03-1234-5678", 'O\'Hara; "x"\n二行']
    assert [cells.get(f"{letter}3", "") for letter in "ABCD"] == ["2", "佐藤花子", "", "x"]
    assert cells["B4"] == "鈴木'一郎"
    assert "担当 佐藤" in seen.at(Line(1))
    assert "UNLOCK TABLES" in seen.text


def test_postgresql_dump() -> None:
    text = (
        "--\n-- PostgreSQL database dump\n--\nCOPY public.users (id, name, tel) FROM stdin;\n1\t山田太郎\t03-1234-5678\n2\t佐藤\\t花子\t\\N\n\\.\n\n"
        "INSERT INTO public.\"notes\" (\"id\", body) VALUES (1, 'C:\\'), (2, 'it''s 090-1234-5678');\n"
    )
    seen = read(text.encode(), "backup")
    assert seen.cells("users")["B2"] == "山田太郎"
    assert seen.cells("users")["B3"] == "佐藤\t花子"
    assert seen.cells("notes") == {"A1": "id", "B1": "body", "A2": "1", "B2": "C:\\", "A3": "2", "B3": "it's 090-1234-5678"}


def test_oracle_and_sql_server_dumps() -> None:
    rows = "".join(
        f"Insert into SCOTT.EMP (ENAME,BORN,TEL) values ('山田{i}',to_date('1980/01/{i + 1:02d}','YYYY/MM/DD'),'03-1234-{i:04d}');\n"
        for i in range(3)
    )
    cells = read(("REM INSERTING into EMP\n" + rows).encode("cp932"), "emp.sql").cells("EMP")
    assert [cells[f"A{i}"] for i in (1, 2, 3, 4)] == ["ENAME", "山田0", "山田1", "山田2"]
    assert cells["B2"] == "to_date('1980/01/01','YYYY/MM/DD')"
    text = (
        "INSERT [dbo].[Users] ([Id], [Name]) VALUES (1, N'山田太郎')\nGO\nINSERT [dbo].[Users] ([Id], [Name]) VALUES (2, N'佐藤花子')\nGO\n"
    )
    assert "佐藤花子" in read(text.encode("utf-16"), "dump.sql").text


def test_long_dumps_come_in_chunks_and_broken_ones_lose_nothing() -> None:
    rows = ",\n".join(f"({i},'山田{i}')" for i in range(2500))
    seen = read(f"INSERT INTO users (id, name) VALUES {rows};\n".encode(), "a.sql")
    assert [table.first_row for table in seen.tables] == [1, 1002, 2002]
    assert seen.cells("users")["B2501"] == "山田2499"
    seen = read("INSERT INTO users (id, name) VALUES (1,'山田太郎'),(2,'佐藤".encode(), "a.sql")
    assert "山田太郎" in seen.text
    assert "佐藤" in seen.text
    assert "吉田" in read("INSERT INTO a SELECT '吉田' FROM b;\n".encode(), "a.sql").text


def test_csv_under_another_suffix() -> None:
    rows = csv_text([["氏名", "電話", "住所"], *[[f"山田{i}", f"03-1234-{i:04d}", "東京都,千代田区"] for i in range(20)]])
    assert read(rows.encode("cp932"), "名簿.txt").formats == {"csv"}
    assert read("山田です、よろしく、お願いします\n電話,03\n".encode(), "a.txt").formats == {"text"}


# ------------------------------------------------------------------------ escapes


def test_escapes_of_settings_files() -> None:
    seen = read(b"owner=\\u5c71\\u7530\\u592a\\u90ce\nemoji=\\ud83d\\ude00 path=C:\\users C:\\u0041\n", "a.properties")
    assert seen.at(Line(1)).split("\n") == ["owner=山田太郎", "emoji=😀 path=C:\\users C:\\u0041", ""]
    assert "\ufffd" in read(b"name: \\ud83d x\n", "a.yaml").text


# ------------------------------------------------------------------------- damage


def test_values_of_cards_without_a_charset_are_in_one_encoding() -> None:
    card = "BEGIN:VCARD\nVERSION:2.1\nN:小久保;みどり\nSOUND;X-IRMC-N:ｺｸﾎﾞ ﾐﾄﾞﾘ\nADR;HOME:;;港町3;上越市;新潟県;942-0001\nEND:VCARD\n"
    for encoding in ("cp932", "utf-8", "euc_jp"):
        assert "ｺｸﾎﾞ ﾐﾄﾞﾘ" in read(card.encode(encoding), "a.vcf").text


@pytest.mark.parametrize("form", ["vcf", "ics", "ldif", "sql"])
def test_damage_ends_in_text_or_a_problem(form: str) -> None:
    content = {
        "vcf": "BEGIN:VCARD\nN;ENCODING=QUOTED-PRINTABLE:=8E=\n=52;x\nPHOTO;ENCODING=b:AAAA\nTEL;CELL:090\nEND:VCARD\n" * 5,
        "ics": 'BEGIN:VCALENDAR\nBEGIN:VEVENT\nATTENDEE;CN="x":mailto:a\nEND:VEVENT\nEND:VCALENDAR\n' * 5,
        "ldif": "dn: x\ncn:: 5bGx\n abc\nmail: a\n\n" * 5,
        "sql": "INSERT INTO `a` (b, c) VALUES (1,'x\\'y',f(1,'(')),(2,'z',NULL);\n" * 5,
    }[form].encode()
    rng = random.Random(20261125)
    began = time.monotonic()
    for _ in range(80):
        data = bytearray(content)
        for _ in range(rng.choice([1, 3, 20])):
            data[rng.randrange(20, len(data))] = rng.choice(b"\n;:,'\"()\\ =\t|x\xe5")
        assert read(bytes(data), f"a.{form}").kinds <= {
            ProblemKind.BROKEN_PART,
            ProblemKind.ENCODING_GUESSED,
            ProblemKind.ENCODING_DAMAGED,
            ProblemKind.PART_NOT_READ,
        }
    assert time.monotonic() - began < 30


@pytest.mark.parametrize(
    "text",
    [
        "INSERT INTO a VALUES (" + "(" * 50_000,
        "INSERT INTO a VALUES ('" + "''" * 50_000,
        "CREATE TABLE a (" + "(,'" * 50_000,
        "| " * 200_000 + "\n" * 5,
        "a  " * 100_000 + "\n" + "a  " * 100_000,
    ],
)
def test_hostile_texts_end_in_time(text: str) -> None:
    began = time.monotonic()
    read(text.encode(), "a.sql" if "INTO" in text or "TABLE" in text else "a.txt")
    assert time.monotonic() - began < 5


def test_a_medication_notebook_is_a_patients_form() -> None:
    lines = (
        "JAHISTC07,1\r\n1,山田 太郎,1,19800102,100-0005,東京都千代田区丸の内1-1-1,09012345678,,,,ﾔﾏﾀﾞ ﾀﾛｳ\r\n2,3,気管支喘息\r\n"
        '201,1,"アムロジピン錠5mg",1,錠,4,2171022F1010\r\n301,1,【分1　朝食後】,28,日分,1,1,\r\n999,何か\r\n1,佐藤 花子,2,19900203\r\n'
    )
    seen = read(lines.encode("cp932"), "okusuri.csv")
    assert seen.formats == {"jahis"}
    assert seen.at(Part("notebook")).split("\n") == [
        "お薬手帳", "患者氏名：山田 太郎", "性別：男", "生年月日：19800102", "郵便番号：100-0005", "住所：東京都千代田区丸の内1-1-1", "電話番号：09012345678",
        "フリガナ：ﾔﾏﾀﾞ ﾀﾛｳ", "既往歴：気管支喘息", "薬品名：アムロジピン錠5mg　1錠", "用法：【分1　朝食後】　28日分", "何か",
    ]  # fmt: skip
    assert seen.at(Part("notebook 2")).split("\n") == ["お薬手帳", "患者氏名：佐藤 花子", "性別：女", "生年月日：19900203"]


def test_a_notebook_without_records_is_broken() -> None:
    assert [piece.kind for piece in read(b"JAHISTC07,1\r\n", "okusuri.txt").problems] == [ProblemKind.BROKEN]


@pytest.mark.parametrize("quotes", ["", '"'])
@pytest.mark.parametrize("seed", range(20))
def test_rows_are_those_of_the_csv_module_wherever_the_text_is_cut(quotes: str, seed: int) -> None:
    rng = random.Random(seed)
    text = "".join(
        rng.choice(["山田", "太郎", ",", ",", ",", "\n", "\n", "\n\n", "\x0b", "\u2028", " ", "\t", *quotes]) for _ in range(400)
    )
    cuts = sorted(rng.sample(range(len(text)), 30))
    chunks = [text[start:end] for start, end in itertools.pairwise([0, *cuts, len(text)])]
    wanted = [tuple(row) for row in csv.reader(io.StringIO(text, newline="\n"))]
    assert list(itertools.chain.from_iterable(delimited._rows(iter(chunks), ","))) == wanted
    assert read(text.encode(), "a.csv").tables[0].rows == tuple(wanted)


def test_a_cell_that_is_longer_than_any_costs_the_rows_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "_FIELD", 100_000)
    monkeypatch.setattr(plain, "_LONG_LINE", 30_000)
    seen = read(("氏名,電話\n山田,03-1234-5678\n" + "あ," * 2000 + "い" * 150_000 + "\n").encode(), "a.csv")
    assert "03-1234-5678" in seen.text
    assert seen.kinds == {ProblemKind.BROKEN_PART}


# ------------------------------------------------------------------------ escapes


def test_addresses_of_pages_in_a_log_are_written_out() -> None:
    sent = "GET /f?sei=%E5%AE%89%E7%94%B0&mei=%e7%be%8e%e5%92%b2&name=%E6%9D%B1+%E5%81%A5%E4%B8%80&to=a%40example.jp&n=100%25&q=%0A%20 HTTP/1.1"
    seen = read(sent.encode(), "access.log")
    assert seen.text == "GET /f?sei=安田 mei=美咲 name=東 健一 to=a@example.jp&n=100%25&q=%0A%20 HTTP/1.1"


def test_what_is_no_character_stays_as_it_is_written() -> None:
    for line in ("rate=50%\n", "%E5%AE", "%ff%fe", "printf('%d %E3d')", "a%E3%81%0Ab"):
        assert read(line.encode(), "a.log").text.strip() == line.strip()
    assert read(b"x=%E5%AE%89%0A%E7%94%B0", "a.log").text == "x=安 田"  # a line end would move the numbers of lines

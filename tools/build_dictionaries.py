"""Builds ``recognizers/dictionaries/diseases.tsv`` from two public lists of disease names.

Run: ``python tools/build_dictionaries.py icd_names.csv designated_intractable_diseases.csv``

* ``icd_names.csv`` (``icd,name``): disease names with ICD-10 codes from the DPC table of the Ministry of
  Health, Labour and Welfare, as in code4fukui/dpc-words (public data).
* ``designated_intractable_diseases.csv`` (``no,name``): 指定難病 from the ministry's list, as in
  136s/intractable-disease (CC BY 4.0).

The classification writes one name in several spellings (``骨粗しょう＜鬆＞症``), with places (``　骨盤部``)
and remarks (``，詳細不明``). This script writes each name as people write it, and leaves out what is no
disease (circumstances, "other", whole sentences).
"""

from __future__ import annotations

import argparse
import csv
import re
import unicodedata
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / "recognizers" / "dictionaries" / "diseases.tsv"

#: What a disease name ends with; a name that ends otherwise is kept only from the list of 指定難病.
_ENDS = re.compile(
    r"(病|症|炎|癌|腫|腫瘍|症候群|障害|骨折|脱臼|捻挫|損傷|梗塞|出血|麻痺|まひ|不全|狭窄|閉塞|閉鎖|欠損|奇形|変形|拘縮|潰瘍|結石|血栓|塞栓|瘤|嚢胞|"
    r"ヘルニア|ポリープ|白血病|結核|梅毒|マラリア|コレラ|チフス|ジフテリア|てんかん|感染|中毒|熱傷|凍傷|硬化|萎縮|変性|肥大|過形成|異形成|形成異常|"
    r"ニューロパチー|ミオパチー|ジストロフィー|アミロイドーシス|オーシス|アシドーシス|アルカローシス|リウマチ|アレルギー|カリエス|ポルフィリア|貧血|喘息|"
    r"乾癬|疱疹|蕁麻疹|発疹|湿疹|痛風|難聴|失明|白内障|緑内障|弱視|斜視|近視|遠視|乱視|めまい|頭痛|神経痛|失神|昏睡|黄疸|腹水|流産|早産|死産|痔核|痔瘻|"
    r"裂|穿孔|瘻|破裂|剥離|壊死|壊疽|石灰化|線維化|肝硬変|水腫|血腫|膿瘍|蜂巣炎|母斑|疥癬|白癬|カンジダ|依存|認知症|自閉|緘黙|チック|吃音)$"
)
_DROP = re.compile(
    r"その他|他に分類|詳細不明|明示され|部位不明|不明の|を除く|に関連する|における|による|のための|及ぼす|状態|もの$|場合|後遺|予防|観察|検査|同定|所見|"
    r"事故|転落|転倒|衝突|加害|自傷|曝露|接触者|既往歴|家族歴|カウンセリング|分娩介助|生存児|単胎|双胎|続発|新生児に|母体|胎児"
)
_REMARK = re.compile(r"[，,、].*$")
_WIDE = re.compile(r"[　 ].*$")
_HIRAGANA_TAIL = re.compile(r"[ぁ-ん]+$")
#: Names that are ordinary words too.
_ORDINARY = frozenset(
    {
        "感染",
        "障害",
        "損傷",
        "出血",
        "変形",
        "病",
        "症",
        "接触",
        "中毒",
        "閉鎖",
        "拡張",
        "振戦",
        "奇形",
        "欠損",
        "萎縮",
        "依存",
        "破裂",
        "剥離",
        "裂",
    }
)


def spellings(name: str) -> list[str]:
    """``骨粗しょう＜鬆＞症 -> [骨粗しょう症, 骨粗鬆症]``; parentheses are taken out."""
    name = unicodedata.normalize("NFKC", name).replace("‐", "-").replace("－", "ー")
    name = re.sub(r"[〔[][^〕\]]*[〕\]]", "", name)
    name = re.sub(r"(?<=[ァ-ヶ])-(?=$|[ぁ-んァ-ヶ一-龠<])", "ー", name)
    forms = [""]
    at = 0
    for match in re.finditer(r"<([^<>]*)>", name):
        before, inner = name[at : match.start()], match.group(1)
        plain = [form + before for form in forms]
        tail = _HIRAGANA_TAIL.search(before)
        cut = len(tail.group()) if tail and not re.fullmatch(r"[ぁ-ん]+", inner) else min(len(inner), len(before))
        other = [form + before[: len(before) - cut] + inner for form in forms] if re.fullmatch(r"[ぁ-んァ-ヶー一-龠々]+", inner) else []
        forms = plain + other
        at = match.end()
    forms = [form + name[at:] for form in forms]
    out = []
    for form in forms:
        form = _WIDE.sub("", _REMARK.sub("", form.strip()))
        if "(" in form:
            out += [re.sub(r"\([^)]*\)", "", form), form.replace("(", "").replace(")", "")]
        else:
            out.append(form)
    return out


def parts(name: str) -> list[str]:
    """``腸チフス及びパラチフス -> [腸チフス, パラチフス]`` where both halves are names."""
    halves = re.split(r"及び|又は|並びに|・", name)
    return (
        [half for half in halves if half] if len(halves) > 1 and all(_ENDS.search(half) and len(half) >= 3 for half in halves) else [name]
    )


def grade(code: str) -> float:
    """By chapter of ICD-10: symptoms (R) prove little, injuries (S, T) and pregnancy (O, P) less than diseases."""
    chapter = code[:1]
    if chapter == "R":
        return 0.4
    if chapter in "ST":
        return 0.65
    if chapter in "OP":
        return 0.7
    return 0.9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("icd", type=Path)
    parser.add_argument("intractable", type=Path)
    args = parser.parse_args()
    grades: dict[str, float] = {}
    with args.icd.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            code = row["icd"]
            if code[:1] in "VWXYZU":
                continue
            for spelling in spellings(row["name"]):
                for word in parts(spelling):
                    if (
                        3 <= len(word) <= 24
                        and _ENDS.search(word)
                        and not _DROP.search(word)
                        and word not in _ORDINARY
                        and "の" not in word[:1]
                    ):
                        grades[word] = max(grades.get(word, 0.0), grade(code))
    with args.intractable.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            for spelling in spellings(row["name"]):
                for word in re.split(r"[/／]", spelling):
                    word = word.strip()
                    if 3 <= len(word) <= 30 and not word.startswith("その他"):
                        grades[word] = 0.95
    lines = [
        "# 病名（ICD-10 の分類名と指定難病）",
        "# source: 厚生労働省 DPC 電子点数表の ICD 名称（code4fukui/dpc-words icd.csv、2024年度版）; 厚生労働省 指定難病病名一覧表（136s/intractable-disease、CC BY 4.0）",
        "# as_of: 2026-11-01",
        "# made by: python tools/build_dictionaries.py icd_names.csv designated_intractable_diseases.csv",
        "# grade: how much the word alone proves, 0 to 1, once the text is about a person",
        "word\tgrade",
        *(f"{word}\t{value:.2f}" for word, value in sorted(grades.items())),
    ]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{OUT}: {len(grades)} names")


if __name__ == "__main__":
    main()

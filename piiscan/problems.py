"""Everything that a file can do to us, a line of prose each.

What a file does to us is data in the report; what we did wrong raises. A
:class:`Problem` therefore never is an exception, and its ``detail`` never
holds text of a document, only facts such as sizes, names of parts, or an
exception's class.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum

__all__ = ["Effect", "Problem", "ProblemKind", "Stage"]


class Effect(StrEnum):
    """What a problem does to the outcome of the whole file."""

    NOTE = "note"  # worth knowing; the file is still fully read
    PARTIAL = "partial"  # something of it was not seen
    SKIPPED = "skipped"  # left out on purpose, by a rule
    FAILED = "failed"  # nothing useful was read


class Stage(StrEnum):
    """Where it happened."""

    WALK = "walk"
    OPEN = "open"
    IDENTIFY = "identify"
    EXTRACT = "extract"
    DETECT = "detect"
    ENGINE = "engine"


class ProblemKind(Enum):
    """``(word, effect, English, Japanese, what to do in English, in Japanese)``. The word is stable."""

    # walk
    EXCLUDED = (
        "excluded",
        Effect.SKIPPED,
        "left out by an exclude rule",
        "除外設定により対象外",
        "remove the rule to have it scanned",
        "対象にするには除外設定を外してください",
    )
    SYMLINK = (
        "symlink",
        Effect.SKIPPED,
        "a symbolic link; what it points to is scanned where it lies",
        "シンボリックリンク（リンク先は元の場所で検査）",
        "add the target as a root if it lies elsewhere",
        "リンク先が対象外の場所なら、その場所を検査対象に追加してください",
    )
    LOOP = ("loop", Effect.SKIPPED, "a folder that was already met (loop)", "既に走査したフォルダ（循環）", "nothing to do", "対応不要です")
    SPECIAL_FILE = (
        "special-file",
        Effect.SKIPPED,
        "a device, pipe or socket",
        "デバイス・パイプ・ソケット",
        "nothing to do",
        "対応不要です",
    )
    NO_PERMISSION = (
        "no-permission",
        Effect.FAILED,
        "no permission to read it",
        "読み取り権限がありません",
        "run as an account that may read it",
        "読み取り権限のあるアカウントで実行してください",
    )
    VANISHED = (
        "vanished",
        Effect.FAILED,
        "it disappeared before it could be read",
        "読み取る前に消えました",
        "scan again",
        "再度検査してください",
    )
    CHANGED = (
        "changed",
        Effect.PARTIAL,
        "it changed while it was read",
        "読み取り中に変更されました",
        "scan again when nobody writes to it",
        "書き込みのない時に再度検査してください",
    )
    IO_ERROR = (
        "io-error",
        Effect.FAILED,
        "the system could not read it",
        "読み取りエラー",
        "check the disk, share or stick, then scan again",
        "ディスク・共有・USBの状態を確認して再度検査してください",
    )
    LOCKED = (
        "locked",
        Effect.FAILED,
        "another program has locked it",
        "他のプログラムが使用中です",
        "scan again when it is closed",
        "ファイルを閉じてから再度検査してください",
    )
    PLACEHOLDER = (
        "placeholder",
        Effect.FAILED,
        "a cloud placeholder; its content is not on this machine",
        "クラウド上のみのファイル（実体なし）",
        "download it, then scan again",
        "ダウンロードしてから再度検査してください",
    )
    STOPPED = (
        "stopped",
        Effect.FAILED,
        "the scan was stopped before it was read",
        "検査が途中で止められました",
        "run the same command again; it goes on",
        "同じコマンドを再実行すると続きから検査します",
    )
    # identify and extract
    UNSUPPORTED = (
        "unsupported",
        Effect.FAILED,
        "a format that piiscan cannot read yet",
        "未対応の形式",
        "check it by hand",
        "手作業で確認してください",
    )
    ENCRYPTED = (
        "encrypted",
        Effect.FAILED,
        "encrypted or password-protected; nothing in it was seen",
        "暗号化・パスワード付きのため中身は未確認",
        "give its password in the settings, or ask its owner",
        "設定でパスワードを渡すか、所有者に確認してください",
    )
    ENCRYPTED_PART = (
        "encrypted-part",
        Effect.PARTIAL,
        "a part of it is encrypted",
        "一部が暗号化されています",
        "give the password in the settings, or ask its owner",
        "設定でパスワードを渡すか、所有者に確認してください",
    )
    BROKEN = (
        "broken",
        Effect.FAILED,
        "damaged; nothing in it could be read",
        "壊れていて読めません",
        "open it in its own program, or restore it from a backup",
        "元のアプリで開けるか確認し、必要ならバックアップから復元してください",
    )
    BROKEN_PART = (
        "broken-part",
        Effect.PARTIAL,
        "damaged; part of it was read",
        "一部が壊れていて、読めた部分だけ検査しました",
        "open it in its own program to see the rest",
        "残りは元のアプリで確認してください",
    )
    UNREADABLE_TEXT = (
        "unreadable-text",
        Effect.PARTIAL,
        "text whose fonts give no readable characters",
        "文字情報が読み取れない部分があります",
        "check it by hand, or scan with OCR",
        "目視またはOCRで確認してください",
    )
    NEEDS_OCR = (
        "needs-ocr",
        Effect.PARTIAL,
        "pictures of text that only OCR can read",
        "画像のみでOCRが必要です",
        "run: python -m pip install 'piiscan[ocr]' and keep ocr.mode = auto, or check it by hand",
        "python -m pip install 'piiscan[ocr]' を実行し ocr.mode = auto のまま再検査するか、目視で確認してください",
    )
    DISGUISED = (
        "disguised",
        Effect.NOTE,
        "its name says one format, its content is another",
        "拡張子と中身の形式が異なります",
        "ask why it was renamed",
        "名前が変えられた理由を確認してください",
    )
    PART_NOT_READ = (
        "part-not-read",
        Effect.PARTIAL,
        "a part of it is in a format that cannot be read",
        "中に未対応の形式が含まれます",
        "check that part by hand",
        "該当部分を手作業で確認してください",
    )
    ENCODING_GUESSED = (
        "encoding-guessed",
        Effect.NOTE,
        "its character encoding had to be guessed",
        "文字コードは推定です",
        "nothing, unless text looks wrong",
        "文字化けがなければ対応不要です",
    )
    ENCODING_DAMAGED = (
        "encoding-damaged",
        Effect.NOTE,
        "some bytes fit no character encoding",
        "文字コードとして不正なバイトがあります",
        "nothing, unless much of it is damaged",
        "大部分が壊れていなければ対応不要です",
    )
    # limits
    TOO_LARGE = (
        "too-large",
        Effect.FAILED,
        "larger than the size limit",
        "サイズ上限を超えています",
        "raise limits.file_bytes",
        "limits.file_bytes を引き上げてください",
    )
    LIMIT = (
        "limit",
        Effect.PARTIAL,
        "a limit was reached; the rest of it was not read",
        "上限に達したため残りは未検査です",
        "raise the limit that the detail names",
        "詳細に示す上限を引き上げてください",
    )
    BOMB = (
        "bomb",
        Effect.PARTIAL,
        "it unpacks to far more than it should; stopped",
        "展開すると異常に大きくなるため中止しました",
        "treat it as hostile",
        "悪意あるファイルとして扱ってください",
    )
    # engine
    TIMEOUT = (
        "timeout",
        Effect.FAILED,
        "reading it took longer than its deadline",
        "制限時間内に読み終わりませんでした",
        "raise limits.seconds",
        "limits.seconds を引き上げてください",
    )
    MEMORY = (
        "memory",
        Effect.FAILED,
        "reading it needed more memory than allowed",
        "メモリ上限を超えました",
        "raise limits.worker_mb",
        "limits.worker_mb を引き上げてください",
    )
    CRASHED = (
        "crashed",
        Effect.FAILED,
        "the reader crashed on it; it is quarantined",
        "読み取り処理が異常終了したため隔離しました",
        "treat it as suspicious and report it",
        "不審なファイルとして扱い、報告してください",
    )
    INTERNAL = (
        "internal",
        Effect.FAILED,
        "a fault in piiscan itself",
        "piiscan 内部の不具合",
        "report it with the detail",
        "詳細を添えて報告してください",
    )
    # detect
    NAMES_SKIPPED = (
        "names-skipped",
        Effect.PARTIAL,
        "names were not looked for in part of it",
        "氏名の検出が一部行われませんでした",
        "see the detail; run piiscan doctor",
        "詳細を確認し piiscan doctor を実行してください",
    )
    RULE_TIMEOUT = (
        "rule-timeout",
        Effect.PARTIAL,
        "a detection rule took too long and was left out",
        "検出規則が時間切れになりました",
        "report the rule that the detail names",
        "詳細に示す規則を報告してください",
    )

    def __init__(self, word: str, effect: Effect, en: str, ja: str, todo_en: str, todo_ja: str) -> None:
        self.word = word
        self.effect = effect
        self.en = en
        self.ja = ja
        self.todo_en = todo_en
        self.todo_ja = todo_ja

    @classmethod
    def parse(cls, word: str) -> ProblemKind:
        """:raises ValueError: when ``word`` names no kind."""
        for kind in cls:
            if kind.word == word:
                return kind
        raise ValueError(f"unknown problem kind {word!r}")

    def prose(self, lang: str) -> str:
        """What it is, for people, in ``"ja"`` or ``"en"``."""
        return self.ja if lang == "ja" else self.en

    def todo(self, lang: str) -> str:
        """What to do about it, for people, in ``"ja"`` or ``"en"``."""
        return self.todo_ja if lang == "ja" else self.todo_en


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that happened to a file. ``member`` is the inner path it happened in, if any."""

    kind: ProblemKind
    stage: Stage
    detail: str = ""
    member: str = ""

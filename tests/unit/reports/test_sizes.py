import pytest

from workflows.backup.reports.sizes import size_in, size_of, sizes_in


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("44.163 MiB", 46308262),
        ("37,42 GB", 37_420_000_000),
        ("1 842,6 Mo", 1_842_600_000),
        ("1\u202f842,6 Mo", 1_842_600_000),
        ("1,821,724.4 meg", 1_910_216_484_454),
        ("(91,204,118)", 91_204_118),
        ("1'234'567", 1_234_567),
        ("182.411 B", 182_411),
        ("1.234,5 MB", 1_234_500_000),
        ("1.050 TB", 1_050_000_000_000),
        ("1,234 MB", 1_234_000_000),
        ("2 Tio", 2 * 1024**4),
        ("3.2 GBytes", 3_200_000_000),
        ("12 octets", 12),
        ("812.44G", 812_440_000_000),
        ("512 МБ", 512_000_000),
        ("0", 0),
    ],
)
def test_a_size_is_read_in_any_spelling(text: str, size: int) -> None:
    assert size_of(text) == size


@pytest.mark.parametrize("text", ["-44 MB", "many", "", "3 MB/s", "99999999 EB", "1 MB and more"])
def test_what_is_no_size_is_none(text: str) -> None:
    assert size_of(text) is None


def test_a_tool_known_to_mean_binary_units_is_read_so() -> None:
    assert size_of("43M", binary=True) == 43 * 1024**2
    assert size_of("1.5 GB", binary=True) == 1_610_612_736
    assert size_of("1.5 GiB", binary=False) == 1_610_612_736


def test_a_text_whose_decimal_mark_is_known_settles_three_digits() -> None:
    assert size_of("1,234 MB", decimal=",") == 1_234_000
    assert size_of("1.234 MB", decimal=",") == 1_234_000_000


def test_rates_negative_amounts_and_lone_letters_are_no_sizes_in_a_sentence() -> None:
    assert list(sizes_in("moved 1.2 GiB of 38,4 GB at 3 MB/s, freed -44.18 MB, 5 M files")) == [1288490189, 38_400_000_000]
    assert size_in("nothing here") is None

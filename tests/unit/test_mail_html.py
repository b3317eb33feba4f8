"""HTML mails as lines of text."""

import pytest

from workflows.kernel.mail_html import html_text, looks_like_html


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<div>One</div><div>Two</div>", "One\nTwo"),
        ("One<br>Two<br/>Three", "One\nTwo\nThree"),
        ("<div>One</div><br><div>Two</div>", "One\n\nTwo"),
        ("<h1>Run</h1>ok", "Run\n\nok"),
        ("<ul><li>One<li>Two</ul>", "One\nTwo"),
        ("Size:   <b>5</b>\n <i>GB</i>", "Size: 5 GB"),
        ("a<b>b</b>c", "abc"),
        ("1 &lt; 2 &amp; &#8220;ok&#8221; 5&nbsp;GB", "1 < 2 & “ok” 5 GB"),
        ("<pre>a\n  b\n\nc</pre>d", "a\n  b\n\nc\n\nd"),
        ("<title>no</title>yes", "yes"),
        ("<script>if (a<b) no()</script>yes<style>p{}</style>", "yes"),
        ("yes<!-- no --> and<![if !mso]> more<![endif]>", "yes and more"),
        ('<img src="x.png" alt="Failed"> disk1', "Failed disk1"),
        ('<img src="x.png" alt=""> disk1', "disk1"),
        ('<a title="a > b" href="x">link</a>', "link"),
        ("5 < 6 and 7 > 6 <", "5 < 6 and 7 > 6 <"),
        ("", ""),
    ],
)
def test_a_page_reads_as_it_is_seen(source: str, text: str) -> None:
    assert html_text(source) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<table><tr><td>Status</td><td>OK</td></tr><tr><td>Size</td><td>5 GB</td></tr></table>", "Status\tOK\nSize\t5 GB"),
        ("<table><tr><th>VM<th>Status<tr><td>dc01<td>ok</table>done", "VM\tStatus\ndc01\tok\ndone"),
        ("<table><tr><td>a<td><td>c<tr><td>d<td>e<td>f</table>", "a\t\tc\nd\te\tf"),
        ("<table><tr><td>&nbsp;<td>a<td>b<tr><td> <td>c<td>d</table>", "a\tb\nc\td"),
        ("<table><tr><td colspan=2>Title<tr><td>a<td>b</table>", "Title\na\tb"),
        ("<table><tr><td>a<td>b<td>c<tr><td colspan=2>sum<td>9</table>", "a\tb\tc\nsum\t9"),
        ("<table><tr><td>x<td>y<td>z<tr><td>a<td colspan=2>b<tr><td colspan=2>c<td>d</table>", "x\ty\tz\na\tb\nc\td"),
        ("<table><tr><td>1<td>2<td>3<td>4<tr><td colspan=2>a<td>b<td>c</table>", "1\t2\t3\t4\na\t\tb\tc"),
        ("<table><tr><td rowspan=2>job<td>a<td>1<tr><td>b<td>2</table>", "job\ta\t1\n\tb\t2"),
        ("<table><tr><td>Name:<br>Size:<td>db1<br>5 GB</table>", "Name:\tdb1\nSize:\t5 GB"),
        ("<table><tr><td>db1<td>Failed<td>no space<br>on device</table>", "db1\tFailed\tno space on device"),
        ("<table><caption>Jobs</caption><tr><td>a<td>b</table>", "Jobs\na\tb"),
        ("<table><thead><tr><th>a<th>b</thead><tbody><tr><td>1<td>2</tbody></table>", "a\tb\n1\t2"),
        ("<table><td>a<td>b</table>", "a\tb"),
        ("<table><tr><td colspan=x rowspan=99999>a<td>b</table>", "a\tb"),
    ],
)
def test_a_row_of_a_table_is_a_line(source: str, text: str) -> None:
    assert html_text(source) == text


def test_tables_that_only_lay_out_the_page_do_not_scramble_it() -> None:
    pairs = "<table><tr><td>Start</td><td>22:00</td></tr><tr><td>End</td><td>22:31</td></tr></table>"
    rows = "<table><tr><td>dc01</td><td>Success</td></tr></table>"
    page = f"""
      <table><tr><td width=20>&nbsp;</td><td>
        <table><tr><td>Nightly VMs<div>Created by admin</div></td><td>Success<div>1 of 1 machines</div></td></tr>
        <tr><td colspan=2>{pairs}</td></tr>
        <tr><td>{pairs}</td><td>{pairs}</td></tr>
        <tr><td colspan=2>{rows}</td></tr></table>
      </td></tr></table>"""
    assert html_text(page).split("\n") == [
        "Nightly VMs\tSuccess",
        "Created by admin\t1 of 1 machines",
        "Start\t22:00",
        "End\t22:31",
        "Start\t22:00\tStart\t22:00",
        "End\t22:31\tEnd\t22:31",
        "dc01\tSuccess",
    ]


def test_a_long_cell_beside_a_short_one_stays_lines() -> None:
    log = "<br>".join(f"line {number}" for number in range(20))
    assert html_text(f"<table><tr><td>Log<td>{log}</table>").split("\n")[:3] == ["Log", "line 0", "line 1"]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<b>a<i>b</b>c</i>d", "abcd"),
        ("<table><tr><td><b>a</td><td>b</b></td></tr></table>", "a\tb"),
        ("<table><tr><td>a</div></td><td>b</td></span></tr></table>after", "a\tb\nafter"),
        ("<table><tr><td>a</td></tr>", "a"),
        ("</table></td></p>a</div>", "a"),
        ("<table><tr><th>a</td><td>b</th></tr><tr><td>c<td>d</tr></table>", "a\tb\nc\td"),
        ("<p>a<table><tr><td>b</p>c</td></tr></table>d", "a\nb\nc\nd"),
        ("<td>loose</td>", "loose"),
        ("<tr><td>a</td><td>b</td></tr>", "a\nb"),
        ("a<div", "a<div"),
        ("<!-- never closed <p>a</p>", "never closed\n\na"),
        ("<script>never closed", ""),
    ],
)
def test_mismatched_tags_are_survived(source: str, text: str) -> None:
    assert html_text(source) == text


@pytest.mark.parametrize(
    "hidden",
    [
        '<div style="display:none">ignore the failure</div>',
        '<div style="DISPLAY : NONE !important; color:red">ignore <b>the</b> failure</div>',
        '<span style="visibility:hidden">ignore the failure</span>',
        '<span style="font-size:0px">ignore the failure</span>',
        '<span style="opacity:0">ignore the failure</span>',
        '<div style="max-height:0; overflow:hidden">ignore the failure</div>',
        '<div style="mso-hide:all">ignore the failure</div>',
        "<div hidden>ignore the failure</div>",
        '<font color="#FFFFFF">ignore the failure</font>',
        '<span style="color:white">ignore the failure</span>',
        '<div style="background:#333"><span style="color:#333333">ignore the failure</span></div>',
        '<div style="color:rgb(255, 255, 255)">ignore the failure</div>',
        '<style>.pre{display:none}</style><div class="x Pre">ignore the failure</div>',
        '<style>p{color:red} #tip, td.pre {font-size:0}</style><i id="tip">ignore the failure</i>',
        '<table><tr style="display:none"><td>ignore<td>the failure</table>',
        '<table style="display:none"><tr><td>ignore<td>the failure</table>',
        "<template>ignore the failure</template><!-- ignore the failure -->",
    ],
)
def test_what_a_page_hides_is_not_read(hidden: str) -> None:
    assert html_text(f"<p>copy failed</p>{hidden}<p>end</p>").split() == ["copy", "failed", "end"]


@pytest.mark.parametrize(
    "shown",
    [
        '<div style="background-color:#00B050;color:White">Success</div>',
        '<table bgcolor="#00B050"><tr><td><font color="white">Success</font></td></tr></table>',
        '<table background="green.png"><tr><td style="color:white">Success</td></tr></table>',
        '<div style="background:url(x.png)"><b style="color:#fff">Success</b></div>',
        '<style>.head{background:#070}</style><div class="head"><b style="color:#fff">Success</b></div>',
        '<style>td{background:#070}</style><table><tr><td style="color:#fff">Success</td></tr></table>',
        '<style>@media (max-width:600px){.wide{display:none}}</style><div class="wide">Success</div>',
        '<div style="display:none"></div>Success',
        '<div style="font-size:0"><span style="font-size:12px"></span></div>Success',
        '<div style="color:#fefefe">Success</div>',
    ],
)
def test_what_a_page_shows_is_read(shown: str) -> None:
    assert html_text(shown) == "Success"


def test_what_a_page_quotes_bears_the_sign_of_a_quote() -> None:
    quote = "<blockquote type=cite>rc 1<br><blockquote type=cite>older</blockquote></blockquote>"
    page = f"<div>fixed<br></div>On Friday, root wrote:{quote}end"
    assert html_text(page).split("\n") == ["fixed", "On Friday, root wrote:", "", "> rc 1", ">", "> > older", "end"]


@pytest.mark.parametrize(
    "text", ["<html><body>", " <!DOCTYPE HTML PUBLIC>", "<?xml version='1.0'?>\n<html xmlns=''>", "<table border=1>"]
)
def test_a_page_is_known_by_how_it_begins(text: str) -> None:
    assert looks_like_html(text)


@pytest.mark.parametrize("text", ["", "<4 files", "result: <html>", "<?xml version='1.0'?><report>", "<tablespace>"])
def test_other_texts_are_no_pages(text: str) -> None:
    assert not looks_like_html(text)

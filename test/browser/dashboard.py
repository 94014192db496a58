"""Clicks through the dashboard and compares what it shows with SQL.  Prints TAP.  See ../dashboard.sh."""
import base64
import json
import os
import subprocess
import sys

from proxy import Proxy
from webdriver import Browser

work, address, bi_address, owner_address, person_address = sys.argv[1:]
tests = 0


def same(description, wanted, real):
    global tests
    tests += 1
    print(("ok %d - %s" if wanted == real else "not ok %d - %s") % (tests, description), flush=True)
    if wanted != real:
        print("# wanted %r\n# but    %r" % (wanted, real), file=sys.stderr, flush=True)


def sql(statement):
    """The rows that psql prints, as lists of text."""
    environment = dict(os.environ, PGOPTIONS="-c search_path=register,attendance")
    printed = subprocess.run(["psql", "-XqAt", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-c", statement], env=environment, check=True,
                             stdout=subprocess.PIPE).stdout.decode()
    return [line.split("\t") for line in printed.splitlines()]


FIGURES = """SELECT percent_text(h.attendance_percent), attended_text(h.attended, h.possible, h.due, h.unmarked),
    percent_text(h.absence_percent), format('%s sessions', count_text(h.absent)), percent_text(h.authorised_percent),
    format('%s sessions', count_text(h.authorised)), percent_text(h.unauthorised_percent), format('%s sessions', count_text(h.unauthorised)),
    count_text(h.late_before_close + h.late_after_close), format('sessions, %s of them after it closed', count_text(h.late_after_close)),
    count_text(h.enrolments), 'with a possible session', percent_text(h.persistent_absence_percent),
    coalesce(format('%s enrolments', count_text(h.persistently_absent)), ''), percent_text(h.severe_absence_percent),
    coalesce(format('%s enrolments', count_text(h.severely_absent)), '') FROM """


def headline(period, population="statutory", schools="NULL"):
    return sql(FIGURES + "headline('%s', '%s', %s) h" % (period, population, schools))[0]


def schools_where(condition):
    return "ARRAY(SELECT school_urn FROM bi_dim_school WHERE %s)" % condition


def figures():
    return browser.run("return Array.from(document.querySelectorAll('.figures dd')).flatMap(function (d) {"
                       " return [d.querySelector('b').textContent, d.querySelector('span') ? d.querySelector('span').textContent : '']})")


def table(section):
    """The cells of the table in a section, without bars, also when it is folded away."""
    return browser.run("return Array.from(document.querySelectorAll(arguments[0] + ' tbody tr')).map(function (r) {"
                       " return Array.from(r.cells).filter(c => !c.classList.contains('bar')).map(function (c) {"
                       " return Array.from(c.childNodes).filter(n => n.className !== 'unseen').map(n => n.textContent).join('').trim().replace(/\\u00a0/g, ' ') })})", "#" + section)


def different_but_c(wanted, real):
    """What is shown and is neither right nor suppressed; not all may be suppressed."""
    assert len(wanted) == len(real) and any(cell == other for cell, other in zip(wanted, real)), (wanted, real)
    return [(cell, other) for cell, other in zip(wanted, real) if cell != other and other.split(" ")[0] != "c"]


def title():
    return browser.run("return document.getElementById('title').textContent.replace(/\\u00a0/g, ' ')")


def page_text():
    return browser.run("return document.body.textContent")


def follow(text, inside, heading):
    """Click on a link, and wait until the page is about it."""
    browser.click(browser.link(text, inside))
    await_heading(heading)


def await_heading(heading):
    browser.wait("return document.getElementById('title').textContent.replace(/\\u00a0/g, ' ').startsWith(arguments[0])", heading)
    browser.settle()


def choose(name, label, parameter=None):
    """Change a filter, and wait until the address has it, or has it no more, and the page is about that."""
    browser.choose(name, label)
    if parameter:
        browser.wait("return location.search.includes(arguments[0])", parameter)
    else:
        browser.wait("return !location.search.includes(arguments[0])", name + "=")
    browser.settle()


def colours(path):
    """How many colours a picture has, whether one is that of the first line of a chart, and its size."""
    with open(path, "rb") as file:
        content = base64.b64encode(file.read()).decode()
    return browser.run("""return fetch('data:image/png;base64,' + arguments[0]).then(r => r.blob()).then(createImageBitmap).then(function (image) {
        const canvas = new OffscreenCanvas(image.width, image.height), context = canvas.getContext('2d'), found = new Set();
        context.drawImage(image, 0, 0);
        new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer).forEach(c => found.add(c));
        return [found.size > 30, found.has(0xff8f4a0b), image.width, image.height > 1500];
    })""", content)


def phase_is_there():
    return browser.run("return document.getElementById('phase').offsetParent !== null")


YEAR = "1 Aug 2025 to 31 Jul 2026"


def authority():
    browser.open(address)
    await_heading("Bradford")
    same("the authority, in its newest year", "Bradford: attendance, " + YEAR, title())
    same("its name is the title of the page", title(), browser.run("return document.title"))
    same("authority: figures are those of headline()", headline("2025/26"), figures())
    trusts = sql("""SELECT t.name, count_text(h.enrolments), format('%s of %s', count_text(h.absent), count_text(h.possible)), percent_text(h.absence_percent),
        percent_text(h.unauthorised_percent), format('%s (%s)', count_text(h.persistently_absent), percent_text(h.persistent_absence_percent)),
        format('%s (%s)', count_text(h.severely_absent), percent_text(h.severe_absence_percent))
        FROM (SELECT coalesce(trust_name, 'Schools without a trust') AS name, array_agg(school_urn) AS urns
        FROM bi_dim_school GROUP BY trust_name) t CROSS JOIN LATERAL headline('2025/26', 'statutory', t.urns) h ORDER BY h.absence_percent DESC""")
    shown = table("parts")
    same("authority: trusts are those of headline()", [row[:5] for row in trusts], [row[:5] for row in shown])
    same("authority: persistent absence of trusts, or c", [], different_but_c(sum((row[5:] for row in trusts), []), sum((row[5:] for row in shown), [])))
    same("authority: weeks are those of weekly_trend(), with England's",
         sql("SELECT day_text(week), percent_text(absence_percent), percent_text(benchmark_percent) FROM weekly_trend('2025/26')"), table("trend"))
    same("authority: England is drawn by week and for the year", "HereEngland, the same weekEngland, 8 Sep 2025 to 10 Jul 2026",
         browser.run("return Array.from(document.querySelectorAll('#trend svg text')).map(t => t.textContent).filter(t => /Here|England/.test(t)).join('')"))
    same("authority: bands are those of attendance_bands()",
         sql("SELECT label, count_text(enrolments), percent_text(enrolments_percent) FROM attendance_bands('2025/26')"), table("bands"))
    same("authority: reasons are those of code_frequency()",
         sql("SELECT mark, description, count_text(sessions), percent_text(absence_percent) FROM code_frequency('2025/26') WHERE is_absence(mark) ORDER BY sessions DESC"),
         table("reasons"))
    same("authority: nobody is named", False, "Surname" in page_text() or "Zoë" in page_text())
    browser.wait("return document.querySelector('#cohorts table')")
    same("authority: cohorts are those of cohorts()", sql("""SELECT points_text(absence_gap), percent_text(absence_percent)
        FROM cohorts('2025/26', cohorts => '{fsm}') WHERE value = 'Y'""")[0],
         [row[1:3] for row in table("cohorts-part") if row[0] == "Free school meals"][0])
    same("authority: every gap that the table has is drawn", sorted(row[0] for row in table("cohorts-part") if row[0].startswith("Year") and row[1] != "c"),
         sorted(browser.run("return Array.from(document.querySelectorAll('#cohorts-part tr:has(.b) th')).map(t => t.firstChild.textContent).filter(t => t.startsWith('Year'))")))
    same("the tile says which late sessions it counts", "Late, before and after the register closed",
         browser.run("return document.querySelectorAll('.figures dt')[4].textContent"))
    same("days are not broken between lines", True, browser.run("return document.getElementById('title').textContent.includes('1\\u00a0Aug\\u00a02025')"
                                                                " && /^\\d+\\u00a0\\w+\\u00a0\\d+$/.test(document.querySelector('#trend tbody th').textContent)"))
    same("the table of trusts does not scroll up and down", True, browser.run("const t = document.querySelector('.parts'); return t.scrollHeight === t.clientHeight"))
    same("there is a filter for the phase", True, phase_is_there())
    same("every chart has a title and a description", True, browser.run("""return Array.from(document.querySelectorAll('svg'))
        .every(s => s.querySelector('title').textContent && s.querySelector('desc').textContent)"""))
    same("every chart has its table", True, browser.run("""return Array.from(document.querySelectorAll('main figure'))
        .every(f => f.parentElement.querySelector('table'))"""))
    same("every filter has a label", True, browser.run("return Array.from(document.querySelectorAll('select')).every(s => s.labels.length === 1)"))
    browser.screenshot(os.path.join(work, "authority.png"))
    same("the picture has colours, and those of a chart", [True, True, 1280, True], colours(os.path.join(work, "authority.png")))


def all_filters():
    choose("population", "Every pupil", "population=all")
    same("every pupil: sessions are those of bi_authority_year",
         sql("SELECT attended_text(sess_attended, sess_possible, sess_possible + sess_not_possible + sess_unmarked, sess_unmarked), format('%s enrolments', count_text(enrolments_pa_10_exact)) FROM bi_authority_year")[0],
         [figures()[1], figures()[13]])
    same("every pupil: weeks are those of bi_authority_week",
         sql("SELECT day_text(week_start), percent_text(sess_overall_percent) FROM bi_authority_week WHERE sess_possible > 0 ORDER BY week_start"), [row[:2] for row in table("trend")])
    choose("population", "Official figures")
    choose("phase", "Secondary", "phase=Secondary")
    same("a phase: figures are those of its schools", headline("2025/26", "statutory", schools_where("phase = 'Secondary'")), figures())
    choose("cohort", "Free school meals", "cohort=fsm%3DY")
    same("a phase and a cohort: figures are those of cohorts()", sql("""SELECT percent_text(absence_percent), format('%s sessions', count_text(absent)), count_text(enrolments),
        percent_text(persistent_absence_percent) FROM cohorts('2025/26', 'statutory', """ + schools_where("phase = 'Secondary'") + """, '{fsm}') WHERE value = 'Y'""")[0],
         [figures()[i] for i in (2, 3, 10, 12)])
    choose("phase", "All phases")
    choose("cohort", "Year 4", "cohort=year%20group%3D4")
    same("a year group: figures are those of cohorts()", sql("""SELECT percent_text(absence_percent), format('%s sessions', count_text(absent)), count_text(enrolments)
        FROM cohorts('2025/26', 'statutory', NULL, '{year group}') WHERE value = '4'""")[0], [figures()[i] for i in (2, 3, 10)])
    choose("cohort", "All pupils")
    choose("period", "Autumn 1, 2025/26", "period=half%20term")
    same("a half term: figures are those of headline()", headline("half term 2025-09-20"), figures())
    same("a half term: its days", "Bradford: attendance, 8 Sep 2025 to 24 Oct 2025", title())
    choose("period", "15 Sep 2025", "period=week")
    week = headline("week 2025-09-15")
    same("a week: persistent absence is not stated", week[:12] + ["-", "not stated for so few days"] * 2, figures())
    same("a week: its days are those of heat_map_weekdays()",
         [["15 Sep 2025"] + [row[0] for row in sql("SELECT round(absence_percent, 1) FROM heat_map_weekdays('week 2025-09-15') ORDER BY weekday")]], table("weekdays"))
    browser.back()
    await_heading("Bradford: attendance, 8 Sep 2025 to 24 Oct 2025")
    same("back: the filter goes back, too", "Autumn 1, 2025/26", browser.run("const s = document.getElementById('period'); return s.options[s.selectedIndex].text"))
    choose("period", "Newest: 2025/26")
    await_heading("Bradford: attendance, " + YEAR)


def drill_down():
    follow("Many Schools Trust", "#parts", "Many Schools Trust")
    same("many schools", "24", str(len(table("parts"))))
    same("small numbers are c, and none is shown", [True, []],
         ["c" in [row[6] for row in table("parts")],
          [row for row in table("parts") if any(cell.split(" ")[0] in ("1", "2", "3", "4") for cell in row[1:2] + row[5:])]])
    choose("cohort", "Special educational needs: K", "cohort=sen%3DK")
    shown = table("parts")
    same("few pupils: neither they nor their sessions are told, and no school alone is left out", [True, [], False],
         ["c" in [row[1] for row in shown], [row for row in shown if row[1] == "c" and row[2:] != ["c"] * 3 + row[5:]], [row[2] for row in shown].count("c") == 1])
    choose("cohort", "All pupils")
    follow("Bradford", ".trail", "Bradford")
    follow("Curlew & <i>Heron</i> Trust", "#parts", "Curlew & <i>Heron</i> Trust: attendance")
    same("trust: figures are those of headline(), or c", [],
         different_but_c(headline("2025/26", "statutory", schools_where("trust_uid = 90001")), figures()))
    same("three schools", ["A & B <C>", "Amberbeck Academy", 'Fernroyd "Primary"'], sorted(row[0] for row in table("parts")))
    same("trust: nobody is named", False, "Surname" in page_text())
    follow("A & B <C>", "#parts", "A & B <C>: attendance")
    same("a school is of one phase: there is no filter for it", False, phase_is_there())
    same("the way to it", ["Bradford", "Curlew & <i>Heron</i> Trust", "A & B <C>"], browser.run("return Array.from(document.querySelectorAll('.trail li')).map(l => l.textContent.trim())"))
    same("names are text", 0, browser.run("return document.querySelectorAll('c, i, .trail b').length"))
    same("school: figures are those of headline()", headline("2025/26", "statutory", "'{900001}'"), figures())
    same("school: classes are those of cohorts()", sql("""SELECT CASE value WHEN '900001 none' THEN 'No class' ELSE substr(value, 8) END, count_text(enrolments), format('%s of %s', absent, count_text(possible)),
        percent_text(absence_percent), percent_text(unauthorised_percent), format('%s (%s)', persistently_absent, percent_text(persistent_absence_percent)),
        format('%s (%s)', severely_absent, percent_text(severe_absence_percent)) FROM cohorts('2025/26', 'statutory', '{900001}', '{registration group}')
        ORDER BY cohorts.absence_percent DESC"""), table("parts"))
    same("school: bands are those of attendance_bands()",
         sql("SELECT label, count_text(enrolments), percent_text(enrolments_percent) FROM attendance_bands('2025/26', 'statutory', '{900001}')"), table("bands"))
    same("school: reasons are those of code_frequency()", sorted(sql("""SELECT mark, description, count_text(sessions), percent_text(absence_percent)
        FROM code_frequency('2025/26', 'statutory', '{900001}') WHERE is_absence(mark)""")), sorted(table("reasons")))
    same("school: nobody is named", False, "Surname" in page_text())
    follow("4&A", "#parts", "Class 4&A")
    same("class: figures are those of cohorts()", sql("""SELECT percent_text(absence_percent), format('%s sessions', count_text(absent)), count_text(enrolments), percent_text(persistent_absence_percent)
        FROM cohorts('2025/26', 'statutory', '{900001}', '{registration group}') WHERE value = '900001 4&A'""")[0], [figures()[i] for i in (2, 3, 10, 12)])
    same("class: pupils are those of bi_pupil_year", sql("""SELECT p.surname || ', ' || p.forename, format('%s of %s', y.sess_overall, y.sess_possible), percent_text(y.sess_overall_percent)
        FROM bi_pupil_year y JOIN pupil p ON p.pupil_key = y.pupil_key WHERE y.school_urn = 900001 AND y.registration_group = '4&A'
        ORDER BY y.sess_overall::numeric / y.sess_possible DESC, 1"""), [row[:3] for row in table("parts")])
    same("class: pupils by week are those of heat_map_pupils()", sql("""SELECT surname || ', ' || forename || E'\\t' || string_agg(round(absence_percent)::text, E'\\t' ORDER BY week)
        FROM heat_map_pupils('2025/26', 'statutory', '{900001}', '4&A') GROUP BY pupil_id, surname, forename ORDER BY 1"""), table("pupils"))
    follow("Surname1 & <Sons>, Zoë", "#parts", "Surname1 & <Sons>, Zoë")
    wanted = sql(FIGURES + "(SELECT f.* FROM cohort_figures((SELECT cohort_agg(tally(marks, days)) FROM due_line('2025/26', 'all', '{900001}') WHERE pupil_id = 1), 1, true) f) h")[0]
    same("pupil: figures are those of due_line()", wanted[:10] + ["yes", "10% or more missed", "no", "50% or more missed"], figures())
    same("pupil: and those of bi_pupil_year", sql("""SELECT attended_text(sess_attended, sess_possible, sess_possible + sess_not_possible + sess_unmarked, sess_unmarked),
        CASE is_persistently_absent WHEN 1 THEN 'yes' ELSE 'no' END
        FROM bi_pupil_year y JOIN pupil p ON p.pupil_key = y.pupil_key WHERE p.pupil_id = 1""")[0], [figures()[1], figures()[10]])
    same("pupil: marks are those of bi_session", sql("""SELECT day_text(d.week_start) || E'\\t' || string_agg(s.mark_code, E'\\t' ORDER BY s.session_key) FROM bi_session s
        JOIN bi_dim_date d ON d.date_key = s.date_key JOIN pupil p ON p.pupil_key = s.pupil_key WHERE p.pupil_id = 1 GROUP BY d.week_start ORDER BY d.week_start"""), table("calendar"))
    browser.screenshot(os.path.join(work, "pupil.png"))
    browser.back()
    await_heading("Class 4&A")
    same("back: to the class", "Class 4&A: attendance, " + YEAR, title())
    follow("Bradford", ".trail", "Bradford")
    same("back at the authority: the filter for the phase", True, phase_is_there())
    choose("school", "Amberbeck Academy", "school=900003")
    await_heading("Amberbeck Academy")
    same("straight to a school", headline("2025/26", "statutory", "'{900003}'"), figures())


def alert(search, base=None):
    browser.open((base or address) + "/" + search)
    return browser.wait("const p = document.querySelector('.problem'); return p && p.textContent")


def mistakes():
    same("an unknown period", True, alert("?period=nonsense%20%3Cb%3E").startswith('"nonsense <b>" is not a period'))
    same("an unknown population", '"x" is not a population: statutory, current roll or all', alert("?population=x"))
    same("an unknown school", "There is no such school in this register.", alert("?school=1"))
    same("what is no number", "There is no such school in this register.", alert("?school=1%20OR%201%3D1"))
    same("a pupil of another school", "There is no such pupil in this register.",
         alert("?school=900001&pupil=%s" % sql("SELECT d.pupil_key FROM bi_dim_pupil d JOIN pupil p ON p.pupil_key = d.pupil_key WHERE p.pupil_id = 500 AND d.latest_school_urn <> 900001")[0][0]))
    same("a pupil without a school", "There is no such pupil in this register.", alert("?pupil=1"))
    same("a cohort that there is not", True, alert("?cohort=moon%3DY").startswith('"moon" is none of: all pupils'))
    nothing = "The registers have no marks of these pupils in this period."
    same("a school without marks", nothing, alert("?school=900031"))
    same("a period without marks", nothing, alert("?period=2024%2F25"))
    same("a phase without marks", nothing, alert("?phase=Nursery"))
    same("a phase without schools", nothing, alert("?phase=Moon"))
    browser.open(address + "/?school=900001")
    await_heading("A & B <C>")
    sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'dashboard_test'")
    choose("period", "22 Sep 2025", "period=week%202025-09-22")
    same("a lost connection is made again", headline("week 2025-09-22", "statutory", "'{900001}'")[:12], figures()[:12])


def narrow():
    browser.size(390, 800)
    browser.open(address + "/?school=900001&class=%3D4%26A")
    await_heading("Class 4&A")
    same("a phone: nothing is wider than the screen", 390, browser.run("return document.documentElement.scrollWidth"))
    same("a phone: of a table that is scrolled to the right caption and first column stay", [True, 0, True, 0], browser.run(
        "const box = document.querySelector('.parts'), inside = e => Math.round(e.getBoundingClientRect().left - box.getBoundingClientRect().left);"
        " box.scrollLeft = 1000; const moved = box.scrollLeft > 0, caption = box.querySelector('caption');"
        " const seen = [moved, inside(caption), caption.clientWidth <= box.clientWidth, inside(box.querySelector('tbody th'))]; box.scrollLeft = 0; return seen"))
    browser.screenshot(os.path.join(work, "phone.png"))
    same("a phone: the picture", [True, True, 390, True], colours(os.path.join(work, "phone.png")))
    browser.size(1280, 900)


def fewer_rights():
    browser.open(bi_address)
    await_heading("Bradford")
    same("with the rights of doc/bi.md: the same figures", headline("2025/26"), figures())
    same("without published figures", ["-"], sorted(set(row[2] for row in table("trend"))))
    same("without labels of bands", "The role of the dashboard may not read report_band.", browser.run("return document.querySelector('#bands .none').textContent"))


def long_tables():
    script = """for (file in c('state.R', 'parts.R')) source(file)
        say <- function(n) { html <- as.character(rows_part(lapply(seq_len(n), function(i) list(as.character(i), paste('School', i), c('1', '2'))), 'school', list(la = '380')))
            cat(grepl('class="scroll parts long"', html, fixed = TRUE), regmatches(html, regexpr('(?<=<caption>)[^<]*', html, perl = TRUE)), '\\n') }
        say(60); say(61)"""
    printed = subprocess.run(["Rscript", "--vanilla", "-e", script], cwd="dashboard", check=True, stdout=subprocess.PIPE).stdout.decode()
    same("a table scrolls for itself from 61 rows on, and says so", ["FALSE Schools, the most absent first",
         "TRUE Schools, the most absent first: 61, of which the first are seen; the others come as you scroll in the table"], [line.strip() for line in printed.splitlines()])


def several_authorities():
    """The place above the authority, which a register of one authority does not show."""
    script = """source('state.R'); schools <- data.frame(school_urn = 1:3, school_name = letters[1:3], phase = 'Primary', la_number = c(380, 381, 381),
            la_name = c('Bradford', 'Calderdale', 'Calderdale'), trust_uid = c(NA, 7, NA), trust_name = c(NA, 'T', NA))
        say <- function(search) { p <- find_place(read_state(search), schools)
            cat(p$level, paste(p$schools$school_urn, collapse = ','), paste(vapply(trail(p, schools), function(step) paste0(step$name, write_state(step$state)), ''), collapse = ' '), '\\n', sep = '|') }
        say(''); say('?la=381&cohort=fsm%3DY'); say('?la=381&trust=0'); say('?school=2&phase=Primary')"""
    printed = subprocess.run(["Rscript", "--vanilla", "-e", script], cwd="dashboard", check=True, stdout=subprocess.PIPE).stdout.decode()
    same("several authorities: the way", ["register|1,2,3|All authorities?|", "la|2,3|All authorities?cohort=fsm%3DY Calderdale?la=381&cohort=fsm%3DY|",
                                          "trust|3|All authorities? Calderdale?la=381 Schools without a trust?la=381&trust=0|",
                                          "school|2|All authorities?phase=Primary Calderdale?la=381&phase=Primary T?la=381&trust=7&phase=Primary b?school=2|"], printed.splitlines())
    with open("dashboard/view.sql") as file:
        parameters = dict(period="2025/26", population="statutory", schools="{900001,900003}", pupil="", cohort="", value="", parts="authority",
                          threshold="5", bands="{}", england="{}")
        view = file.read().replace(":'class'", "'any'")
    for name, value in parameters.items():
        view = view.replace(":'%s'" % name, "'%s'" % value)
    target, label, cells = json.loads(sql("SELECT parts FROM (%s) v" % view)[0][0])[0]
    same("several authorities: their figures", ["380", "Bradford"] + sql("""SELECT count_text(enrolments), format('%s of %s', absent, count_text(possible)),
        percent_text(absence_percent) FROM headline('2025/26', 'statutory', '{900001,900003}')""")[0], [target, label] + cells[:3])


def persons():
    def shown_to(role, secret=os.environ["ATTENDANCE_PROXY_SECRET"]):
        browser.open(Proxy(person_address, {"X-Remote-User": role, "X-Attendance-Proxy": secret}).address)

    def refused(description, problem):
        browser.wait("return document.body.textContent.includes(arguments[0])", problem)
        same(description + " sees no school", False, "School 04" in page_text() or "Curlew" in page_text())

    shown_to("Ms O'Neil")
    await_heading("Bradford")
    same("a person that the web server knows: figures are those of headline()", headline("2025/26"), figures())
    shown_to("dashboard_leader")
    await_heading("Bradford")
    same("the leader of a school: figures are those of the school", headline("2025/26", schools="'{900001}'")[:12], figures()[:12])
    same("and no other school is there", [False, 2],
         ["School 04" in page_text(), browser.run("return document.querySelectorAll('#school option').length")])
    shown_to("dashboard_stranger")
    refused("who has no rights", "does not exist")
    shown_to("Ms O'Neil", "a guess of somebody else")
    refused("who does not know the secret", "It is not known who you are.")
    for role in ("", "none", "NONE"):
        shown_to(role)
        refused("nobody, as %r," % role, "It is not known who you are.")
    for role in ("nobody at all", "dashboard_test"):
        shown_to(role)
        refused("who is no member, as %s," % role, role)
    shown_to("dashboard_superuser")
    refused("a superuser", "passes by its policies")
    browser.open(person_address)
    refused("who passes by the web server", "It is not known who you are.")
    browser.open(owner_address)
    refused("whoever looks through the owner's eyes", "passes by its policies")


browser = Browser(work)
try:
    browser.size(1280, 900)
    for part in (authority, all_filters, drill_down, mistakes, narrow, fewer_rights, long_tables, several_authorities, persons):
        try:
            part()
        except Exception as problem:  # the other parts are tried, too
            same("%s: no error" % part.__name__, None, str(problem))
finally:
    browser.close()
print("1..%d" % tests)

"""dbapi.py: reads and filters the views for BI, then writes two marks.  See drivers.sh.

dbapi.py DRIVER PUPIL KEYS: DRIVER is psycopg2, psycopg, psycopg-binary or pyodbc; KEYS has VIEW.KEY words.
"""
import datetime
import decimal
import os
import sys

driver, pupil, keys = sys.argv[1], int(sys.argv[2]), sys.argv[3].split()

if driver == "pyodbc":
    import pyodbc

    connection = pyodbc.connect(
        "DRIVER={%s};Debug=0;CommLog=0;Servername=%s;Port=%s;Database=%s;UID=%s"
        % tuple(os.environ[n] for n in ("ODBC_DRIVER", "PGHOST", "PGPORT", "PGDATABASE", "PGUSER"))
    )
    mark = "?"
    cursor = connection.cursor()
elif driver == "psycopg2":
    import psycopg2

    connection = psycopg2.connect("")
    mark = "%s"
    cursor = connection.cursor()
else:
    import psycopg

    connection = psycopg.connect("")
    mark = "%b" if driver == "psycopg-binary" else "%s"
    cursor = connection.cursor(binary=driver == "psycopg-binary")


def rows(command, *values):
    cursor.execute(command, values)
    return cursor.fetchall()


# What the columns of the views may come as; a type that the driver does not know would be none of these.
for word in keys:
    view, key = word.split(".")
    everything = rows("SELECT * FROM %s ORDER BY %s" % (view, key))
    for row in everything:
        for value, column in zip(row, cursor.description):
            wanted = (int, str, datetime.date, decimal.Decimal, type(None))
            if column[0] == key:
                wanted = int
            elif column[0].endswith("_percent"):
                wanted = (decimal.Decimal, type(None))
            assert isinstance(value, wanted), "%s.%s is %r" % (view, column[0], value)
    one = rows("SELECT * FROM %s WHERE %s = %s" % (view, key, mark), everything[0][0])
    print(view, len(everything[0]), len(everything), sum(row[0] for row in everything), len(one))

found = rows(
    "SELECT session_key FROM bi_session WHERE mark_code = %s AND calendar_date = %s" % (mark, mark),
    "/",
    datetime.date(2025, 9, 8),
)
print("filter", len(found))

for session, code in (("AM", "/"), ("PM", "C2")):
    cursor.execute(
        "INSERT INTO mark (school_urn, pupil_id, day, session, mark) VALUES (%s)" % ", ".join([mark] * 5),
        (100001, pupil, datetime.date(2025, 9, 12), session, code),
    )
connection.commit()
found = rows(
    "SELECT s.mark_code FROM bi_session s JOIN pupil p ON p.pupil_key = s.pupil_key"
    " WHERE p.pupil_id = %s AND s.mark_code <> '-' ORDER BY s.session_key" % mark,
    pupil,
)
print("marks", *(row[0] for row in found))

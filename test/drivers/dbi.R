# dbi.R: reads and filters the views for BI, then writes two marks.  See drivers.sh.
#
# dbi.R PUPIL KEYS: KEYS has VIEW.KEY words.
options(warn = 2) # RPostgreSQL warns of a type that it does not know
suppressPackageStartupMessages(library(RPostgreSQL))
arguments <- commandArgs(trailingOnly = TRUE)
pupil <- arguments[1]
connection <- dbConnect(PostgreSQL(),
  host = Sys.getenv("PGHOST"), port = Sys.getenv("PGPORT"),
  dbname = Sys.getenv("PGDATABASE"), user = Sys.getenv("PGUSER")
)
rows <- function(command, ...) {
  result <- dbSendQuery(connection, command, list(...))
  found <- fetch(result, n = -1)
  dbClearResult(result)
  found
}
for (word in strsplit(arguments[2], " ")[[1]]) {
  name <- strsplit(word, ".", fixed = TRUE)[[1]]
  all <- dbGetQuery(connection, sprintf("SELECT * FROM %s ORDER BY %s", name[1], name[2]))
  stopifnot(is.integer(all[[1]]), all(sapply(all[grepl("_percent$", names(all))], is.numeric)))
  one <- rows(sprintf("SELECT * FROM %s WHERE %s = $1", name[1], name[2]), all[[1]][1])
  cat(name[1], ncol(all), nrow(all), format(sum(as.numeric(all[[1]])), digits = 15, scientific = FALSE), nrow(one), "\n")
}
found <- rows(
  "SELECT session_key FROM bi_session WHERE mark_code = $1 AND calendar_date = $2", "/", "2025-09-08"
)
cat("filter", nrow(found), "\n")
for (entry in list(c("AM", "/"), c("PM", "C2"))) {
  dbClearResult(dbSendQuery(
    connection, "INSERT INTO mark (school_urn, pupil_id, day, session, mark) VALUES ($1, $2, $3, $4, $5)",
    list("100001", pupil, "2025-09-12", entry[1], entry[2])
  ))
}
marks <- rows(paste(
  "SELECT s.mark_code FROM bi_session s JOIN pupil p ON p.pupil_key = s.pupil_key",
  "WHERE p.pupil_id = $1 AND s.mark_code <> '-' ORDER BY s.session_key"
), pupil)
cat("marks", marks$mark_code, "\n")
invisible(dbDisconnect(connection))

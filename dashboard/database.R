# The register: a connection that is made again when it is lost, and SQL from files with parameters.

register_schema <- function() Sys.getenv("ATTENDANCE_REGISTER", "register")

# Above the school, counts from 1 to one less than this are not shown.
threshold <- function() {
  given <- Sys.getenv("ATTENDANCE_THRESHOLD", "5")
  if (!grepl("^[0-9]{1,6}$", given)) stop("ATTENDANCE_THRESHOLD is no whole number: ", given)
  given
}

the <- new.env()

# What libpq's environment (PGHOST, PGDATABASE, PGSERVICE ...) leads to; RPostgreSQL hands on what is not empty.
connect <- function() {
  connection <- DBI::dbConnect(RPostgreSQL::PostgreSQL(),
    host = Sys.getenv("PGHOST"), port = Sys.getenv("PGPORT"), dbname = Sys.getenv("PGDATABASE"),
    user = Sys.getenv("PGUSER"), password = Sys.getenv("PGPASSWORD")
  )
  # many small queries that run once: to compile them takes longer than to run them
  settings <- paste(
    "SELECT set_config('search_path', concat_ws(', ', quote_ident($1), quote_ident(n.nspname), 'pg_temp'), false),",
    "set_config('default_transaction_read_only', 'on', false), set_config('client_encoding', 'UTF8', false),",
    "set_config('application_name', 'attendance dashboard', false), set_config('work_mem', '64MB', false),",
    "set_config('jit', 'off', false)",
    "FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'attendance'"
  )
  if (nrow(fetch_rows(connection, settings, list(register_schema()))) == 0) {
    stop("there is no extension attendance in this database")
  }
  connection
}

fetch_rows <- function(connection, command, parameters) {
  result <- if (length(parameters)) DBI::dbSendQuery(connection, command, parameters) else DBI::dbSendQuery(connection, command)
  on.exit(DBI::dbClearResult(result))
  rows <- DBI::fetch(result, n = -1)
  for (column in which(vapply(rows, is.character, NA))) Encoding(rows[[column]]) <- "UTF-8"
  rows
}

is_alive <- function(connection) {
  !is.null(connection) && tryCatch(nrow(fetch_rows(connection, "SELECT 1", list())) == 1, error = function(e) FALSE)
}

disconnect <- function() {
  if (!is.null(the$connection)) try(DBI::dbDisconnect(the$connection), silent = TRUE)
  the$connection <- NULL
  the$role <- NULL
}

# From now on the connection's statements are those of a role (NULL: of the one that connected), which must be nobody
# whose rights have no bounds.
become <- function(connection, role) {
  if (identical(the$role, list(role))) return(invisible())
  the$role <- NULL
  if (!is.null(role)) fetch_rows(connection, "SELECT set_config('role', $1, false)", list(role))
  unbound <- paste(
    "SELECT r.rolsuper OR r.rolbypassrls OR pg_has_role(r.oid, n.nspowner, 'MEMBER') AS unbound",
    "FROM pg_roles r, pg_namespace n WHERE r.rolname = current_user AND n.nspname = $1"
  )
  if (!identical(fetch_rows(connection, unbound, list(register_schema()))$unbound, FALSE)) {
    stop("the dashboard runs neither as the owner of the register nor as somebody who passes by its policies")
  }
  the$role <- list(role)
}

# :'name' in the SQL, as psql has it, becomes a parameter of the statement.
with_numbers <- function(sql, names) {
  for (i in seq_along(names)) sql <- gsub(sprintf(":'%s'", names[i]), sprintf("$%d::text", i), sql, fixed = TRUE)
  sql
}

read_sql <- function(file) paste(grep("^ *--", readLines(file, encoding = "UTF-8"), value = TRUE, invert = TRUE), collapse = "\n")

# The rows that the SQL of a file has for parameters, all of which are text.
query <- function(file, parameters = list(), role = current_role()) {
  force(role)
  sql <- read_sql(file)
  used <- parameters[vapply(names(parameters), function(name) grepl(sprintf(":'%s'", name), sql, fixed = TRUE), NA)]
  run <- function() {
    if (is.null(the$connection)) the$connection <- connect()
    become(the$connection, role)
    fetch_rows(the$connection, with_numbers(sql, names(used)), unname(lapply(used, as.character)))
  }
  tryCatch(run(), error = function(problem) {
    if (is_alive(the$connection)) stop(database_message(problem), call. = FALSE)
    disconnect()
    tryCatch(run(), error = function(problem) stop(database_message(problem), call. = FALSE))
  })
}

# What the server says, without what the driver puts around it.
database_message <- function(problem) {
  message <- conditionMessage(problem)
  said <- regmatches(message, regexec("ERROR: +([^\n]*)", message))[[1]]
  if (length(said) == 2) sub("\\)$", "", said[2]) else message
}

# The same question of the same role within a minute has the same answer.
answers <- cachem::cache_mem(max_size = 64 * 1024^2, max_age = 60)

remembered <- function(key, answer) {
  key <- rlang::hash(key)
  found <- answers$get(key)
  if (cachem::is.key_missing(found)) {
    found <- answer
    answers$set(key, found)
  }
  found
}

recall <- function(file, parameters = list()) {
  role <- current_role()
  remembered(list(role, file, parameters), query(file, parameters, role))
}

# Who looks: the role that the app connects as, for everybody, or, behind a web server that asks people who they are, the
# role of each person. ATTENDANCE_ROLE_HEADER names the header of a request in which that server says it; who sends no
# ATTENDANCE_PROXY_SECRET beside it is not that server.

role_header <- function() Sys.getenv("ATTENDANCE_ROLE_HEADER")

proxy_secret <- function() {
  secret <- Sys.getenv("ATTENDANCE_PROXY_SECRET")
  if (nzchar(role_header()) && nchar(secret) < 16) stop("ATTENDANCE_ROLE_HEADER needs an ATTENDANCE_PROXY_SECRET of 16 characters or more")
  secret
}

header_of <- function(request, name) {
  value <- request[[paste0("HTTP_", gsub("-", "_", toupper(name), fixed = TRUE))]]
  if (is.character(value) && length(value) == 1) value else ""
}

# The role of whoever sent a request; NULL where it is the connection's.
role_of <- function(request) {
  if (!nzchar(role_header())) return(NULL)
  # of digests a comparison takes as long wherever they differ
  trusted <- identical(rlang::hash(header_of(request, "X-Attendance-Proxy")), rlang::hash(proxy_secret()))
  role <- header_of(request, role_header())
  if (!trusted || !nzchar(role) || tolower(role) == "none") stop("It is not known who you are.", call. = FALSE)
  role
}

# Of the session that is at work, or of the page that is being made: see for_request().
current_role <- function() {
  session <- shiny::getDefaultReactiveDomain()
  role_of(if (is.null(session)) the$request else session$request)
}

for_request <- function(request, content) {
  the$request <- request
  on.exit(the$request <- NULL)
  force(content)
}

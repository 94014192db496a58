# What is looked at: the address of the page has it (?school=900001&period=2025/26), so that the browser's buttons work
# and a view can be sent to somebody else.

places <- c("la", "trust", "school", "class", "pupil") # from the widest to the narrowest
filters <- c("phase", "cohort", "period", "population")

read_state <- function(search) {
  given <- shiny::parseQueryString(if (is.null(search)) "" else search)
  state <- lapply(given[intersect(names(given), c(places, filters))], function(value) substr(as.character(value)[1], 1, 200))
  state[order(match(names(state), c(places, filters)))]
}

write_state <- function(state) {
  if (!length(state)) return("?")
  encoded <- vapply(state, function(value) utils::URLencode(enc2utf8(value), reserved = TRUE), "")
  paste0("?", paste(names(state), encoded, sep = "=", collapse = "&"))
}

# The state with another place: what is narrower goes, filters stay (the phase of a school is its own).
at_place <- function(state, ...) {
  new <- list(...)
  kept <- state[intersect(names(state), filters)]
  if (!is.null(new$school)) kept$phase <- NULL
  c(new[!vapply(new, is.null, NA)], kept)
}

with_filter <- function(state, name, value) {
  state[[name]] <- if (nzchar(value)) value
  state
}

no_such <- function(what) stop("There is no such ", what, " in this register.", call. = FALSE)

# A number of the register as text, or "" if it is none.
number_of <- function(value) if (is.null(value)) NULL else if (grepl("^[0-9]{1,9}$", value)) value else ""

# The place that a state is about: its schools, what it is called, its parts, and the way to it.
find_place <- function(state, schools) {
  level <- if (length(at <- intersect(places, names(state)))) at[length(at)] else "register"
  here <- schools
  if (!is.null(state$school)) {
    here <- here[as.character(here$school_urn) == number_of(state$school), ]
    if (!nrow(here)) no_such("school")
    state$la <- as.character(here$la_number)
    state$trust <- if (is.na(here$trust_uid)) "0" else as.character(here$trust_uid)
  }
  authorities <- unique(here$la_number)
  if (is.null(state$la) && length(authorities) == 1) state$la <- as.character(authorities)
  if (level == "register" && !is.null(state$la)) level <- "la"
  if (!is.null(state$la)) {
    here <- here[as.character(here$la_number) == number_of(state$la), ]
    if (!nrow(here)) no_such("authority")
  }
  if (!is.null(state$trust)) {
    here <- here[ifelse(is.na(here$trust_uid), "0", as.character(here$trust_uid)) == number_of(state$trust), ]
    if (!nrow(here)) no_such("trust")
  }
  if (level %in% c("class", "pupil") && is.null(state$school)) no_such(level)
  if (!is.null(state$phase)) here <- here[here$phase == state$phase, ]
  if (!is.null(state$pupil) && number_of(state$pupil) == "") no_such("pupil")
  list(level = level, state = state, schools = here)
}

class_label <- function(class) if (class == "none") "No class" else sub("^=", "", class)

# What the rows of the table are, and what they are called.
parts_of <- c(register = "authority", la = "trust", trust = "school", school = "class", class = "pupil", pupil = "")

# The way from the widest place: names and the states to go to.
trail <- function(place, schools, pupil_name = NULL) {
  state <- place$state
  first <- function(rows, column) as.character(rows[[column]][1])
  way <- list(list(name = "All authorities", state = at_place(state)))
  if (length(unique(schools$la_number)) == 1) way <- list()
  add <- function(name, ...) way <<- c(way, list(list(name = name, state = at_place(state, ...))))
  if (!is.null(state$la)) add(first(schools[as.character(schools$la_number) == state$la, ], "la_name"), la = state$la)
  if (!is.null(state$trust)) {
    add(
      if (state$trust == "0") "Schools without a trust" else first(schools[as.character(schools$trust_uid) %in% state$trust, ], "trust_name"),
      la = state$la, trust = state$trust
    )
  }
  if (!is.null(state$school)) add(first(schools[as.character(schools$school_urn) == state$school, ], "school_name"), school = state$school)
  if (!is.null(state$class)) add(paste("Class", class_label(state$class)), school = state$school, class = state$class)
  if (!is.null(state$pupil)) add(pupil_name, school = state$school, class = state$class, pupil = state$pupil)
  way
}

# The parts of the page. Charts, tables of figures and their style are those of the report pages (svg_line_chart,
# html_table ... in the database); here is what leads from one view to the next. htmltools escapes every text.

go_link <- function(label, state) shiny::tags$a(href = write_state(state), `data-go` = NA, label)

trail_part <- function(way) {
  items <- lapply(seq_along(way), function(i) {
    if (i < length(way)) shiny::tags$li(go_link(way[[i]]$name, way[[i]]$state)) else shiny::tags$li(`aria-current` = "page", way[[i]]$name)
  })
  shiny::tags$nav(`aria-label` = "Where you are", shiny::tags$ol(class = "trail", items))
}

headings_of <- function(parts) {
  if (parts == "pupil") {
    return(c("Pupil", "Sessions missed", "Absence", "Unauthorised", "Attendance in the period"))
  }
  name <- c(authority = "Authority", trust = "Trust", school = "School", class = "Class")[[parts]]
  c(name, "Enrolments", "Sessions missed", "Absence", "Unauthorised", "Persistently absent", "Severely absent")
}

captions <- c(
  authority = "Authorities, the most absent first", trust = "Trusts, the most absent first", school = "Schools, the most absent first",
  class = "Classes, the most absent first", pupil = "Pupils, the most absent first"
)

# The state that a row of the table leads to.
state_of_row <- function(state, parts, target) {
  switch(parts,
    authority = at_place(state, la = target),
    trust = at_place(state, la = state$la, trust = target),
    school = at_place(state, school = target),
    class = at_place(state, school = state$school, class = target),
    pupil = at_place(state, school = state$school, class = state$class, pupil = target)
  )
}

long_table <- 60 # rows from which on a table scrolls for itself, and says so

# rows: of each its target, its label and its cells
rows_part <- function(rows, parts, state) {
  headings <- headings_of(parts)
  caption <- captions[[parts]]
  if (!length(rows)) return(shiny::tags$p(class = "none", paste0(caption, ": nothing to show.")))
  is_text <- function(i) parts == "pupil" && i == length(headings)
  cell <- function(i, text) shiny::tags$td(class = if (!is_text(i)) "n", text)
  line <- function(row) {
    cells <- unlist(row[[3]])
    shiny::tags$tr(
      shiny::tags$th(scope = "row", go_link(row[[2]], state_of_row(state, parts, row[[1]]))),
      lapply(seq_along(cells), function(i) cell(i + 1, cells[i]))
    )
  }
  heading <- function(i) shiny::tags$th(scope = "col", class = if (i > 1 && !is_text(i)) "n", headings[i])
  is_long <- length(rows) > long_table
  if (is_long) caption <- sprintf("%s: %d, of which the first are seen; the others come as you scroll in the table", caption, length(rows))
  shiny::tags$div(
    class = if (is_long) "scroll parts long" else "scroll parts", role = "region", tabindex = "0", `aria-label` = caption,
    shiny::tags$table(
      class = "words", shiny::tags$caption(caption), shiny::tags$thead(shiny::tags$tr(lapply(seq_along(headings), heading))),
      shiny::tags$tbody(lapply(rows, line))
    )
  )
}

section <- function(id, heading, ...) shiny::tags$section(id = id, shiny::tags$h2(heading), ...)

# What the database made is HTML already.
made <- function(html, otherwise = "Nothing to show.") {
  if (is.na(html)) shiny::tags$p(class = "none", otherwise) else shiny::HTML(html)
}

problem_part <- function(problem) shiny::tags$p(class = "problem", role = "alert", conditionMessage(problem))

view_part <- function(view, place) {
  parts <- parts_of[[place$level]]
  if (!isTRUE(view$has_marks)) {
    return(shiny::tags$p(class = "problem", role = "status", "The registers have no marks of these pupils in this period."))
  }
  headings <- c(authority = "Authorities", trust = "Trusts", school = "Schools", class = "Classes", pupil = "Pupils")
  rows <- jsonlite::fromJSON(view$parts, simplifyVector = FALSE)
  shiny::tagList(
    shiny::HTML(view$figures),
    if (nzchar(parts)) section("parts", headings[[parts]], rows_part(rows, parts, place$state)),
    shiny::tags$div(
      class = "columns",
      shiny::tags$div(
        section("trend", "How absence develops", made(view$trend)),
        if (place$level != "pupil") section("bands", "Bands of attendance", made(view$bands, "The role of the dashboard may not read report_band.")),
        section("reasons", "Reasons for absence", made(view$reasons, "No absence."))
      ),
      shiny::tags$div(
        if (place$level == "pupil") section("calendar", "Marks", made(view$calendar)),
        if (place$level == "class") section("pupils", "Pupils by week", made(view$pupils)),
        if (place$level != "pupil") section("weekdays", "Days and weeks", made(view$weekdays))
      )
    )
  )
}

populations <- c("Official figures" = "", "Every pupil" = "all", "On the roll now" = "current roll")

foot_part <- function(place, population) {
  small <- if (place$level %in% c("register", "la", "trust") && as.integer(threshold()) >= 2) {
    sprintf("Counts from 1 to %d, and others from which they would follow, are shown as c.", as.integer(threshold()) - 1L)
  } else if (place$level %in% c("class", "pupil")) {
    "Pupils are named: keep this in the school."
  } else {
    "Small numbers are shown: keep this in the school or authority."
  }
  about <- switch(population,
    all = "Population: every pupil in the register, whatever the age.",
    `current roll` = "Population: pupils on the roll on the last day of the period, or now.",
    "Population: as in the official figures, pupils aged 5 to 15 on 31 August."
  )
  shiny::tags$p(paste(
    about, "Absence is a percentage of possible sessions, of several pupils the sum of sessions missed by the sum of possible",
    "sessions; persistent absence is at least 10%, severe absence at least 50% of an enrolment's own.", small,
    "Methodology: Department for Education, Pupil absence in schools in England."
  ))
}

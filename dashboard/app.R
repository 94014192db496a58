# The dashboard: authority, trust, school, class, pupil. It reads the views for BI (bi_...) and what the reports are made of.
#
#   Rscript -e 'shiny::runApp("dashboard", host = "127.0.0.1")'
#
# with PGHOST, PGDATABASE etc. See doc/dashboard.md.
library(shiny)
for (file in c("person.R", "database.R", "state.R", "parts.R")) source(file, local = TRUE, encoding = "UTF-8")

invisible(c(threshold(), proxy_secret())) # a wrong setting is said now, not to the first visitor

# ---------- what is asked of the register ----------

all_schools <- function() recall("schools.sql")
all_choices <- function() recall("choices.sql")

newest_period <- function() {
  periods <- all_choices()$value[all_choices()$filter == "period"]
  if (length(periods)) periods[1] else "academic year"
}

# The labels of the bands, or nothing where the role may not read them.
band_labels <- function() {
  rows <- tryCatch(recall("bands.sql"), error = function(problem) data.frame(labels = "{}"))
  rows$labels
}

england <- function(period, schools) {
  none <- function(problem) "{\"weeks\": {}}"
  tryCatch(recall("england.sql", list(period = period, schools = schools))$england, error = none)
}

as_array <- function(values) paste0("{", paste(values, collapse = ","), "}")

parameters_of <- function(place) {
  state <- place$state
  or <- function(value, otherwise) if (is.null(value)) otherwise else value
  cohort <- regmatches(or(state$cohort, ""), regexec("^([^=]*)=(.*)$", or(state$cohort, "")))[[1]]
  if (!is.null(state$cohort) && length(cohort) != 3) no_such("cohort")
  list(
    period = or(state$period, newest_period()), population = or(state$population, "statutory"),
    schools = as_array(place$schools$school_urn), class = or(state$class, "any"), pupil = or(state$pupil, ""),
    cohort = if (length(cohort)) cohort[2] else "", value = if (length(cohort)) cohort[3] else "",
    parts = parts_of[[place$level]], threshold = if (place$level %in% c("register", "la", "trust")) threshold() else "0"
  )
}

read_view <- function(place) {
  given <- parameters_of(place)
  recall("view.sql", c(given, bands = band_labels(), england = england(given$period, given$schools)))
}

pupil_name <- function(state) {
  if (is.null(state$pupil)) return(NULL)
  found <- recall("pupil.sql", list(pupil = state$pupil, school = state$school))
  if (!nrow(found)) no_such("pupil")
  found$name
}

# ---------- page ----------

script <- "
$(document).on('click', 'a[data-go]', function (event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  Shiny.setInputValue('go', this.getAttribute('href'), {priority: 'event'});
});
Shiny.addCustomMessageHandler('heading', function (text) {
  document.title = text;
});
Shiny.addCustomMessageHandler('phase', function (shown) {
  document.getElementById('phase').closest('.form-group').hidden = !shown;
});
Shiny.addCustomMessageHandler('top', function (unused) {
  window.scrollTo(0, 0);
  document.getElementById('heading').focus({preventScroll: true});
});
"

filter_part <- function(id, label, first, filter, state) {
  chosen <- all_choices()[all_choices()$filter == filter, ]
  groups <- lapply(split(chosen, factor(chosen$heading, unique(chosen$heading))), function(rows) as.list(stats::setNames(rows$value, rows$label)))
  choices <- if (length(groups) == 1) unlist(unname(groups)) else groups
  selectInput(id, label, c(first, choices), selected = if (is.null(state[[id]])) "" else state[[id]], selectize = FALSE, width = "auto")
}

school_filter <- function() {
  schools <- all_schools()
  choices <- stats::setNames(as.character(schools$school_urn), schools$school_name)
  selectInput("school", "Go to a school", c("Choose" = "", choices), selectize = FALSE, width = "auto")
}

body <- function(state) {
  newest <- stats::setNames("", newest_label())
  tagList(
    tags$header(
      uiOutput("trail"),
      tags$h1(id = "heading", tabindex = "-1", `aria-live` = "polite", textOutput("title", inline = TRUE)),
      tags$form(
        class = "filters", onsubmit = "return false", `aria-label` = "Filters",
        filter_part("period", "Period", newest, "period", state), filter_part("phase", "Phase", c("All phases" = ""), "phase", state),
        filter_part("cohort", "Cohort", c("All pupils" = ""), "cohort", state),
        selectInput("population", "Population", populations, selectize = FALSE, width = "auto",
          selected = if (is.null(state$population)) "" else state$population),
        school_filter()
      )
    ),
    tags$main(uiOutput("view"), uiOutput("cohorts")), tags$footer(uiOutput("foot"))
  )
}

newest_label <- function() {
  rows <- all_choices()
  paste("Newest:", c(rows$label[rows$filter == "period"], "academic year")[1])
}

ui <- function(request) {
  content <- tryCatch(
    for_request(request, tagList(tags$style(HTML(recall("style.sql")$style)), body(read_state(request$QUERY_STRING)))),
    error = function(problem) tags$main(tags$h1("Attendance"), problem_part(problem))
  )
  page <- tagList(
    tags$head(
      tags$title("Attendance"), tags$meta(name = "viewport", content = "width=device-width, initial-scale=1"),
      tags$link(rel = "icon", href = "data:,"), tags$script(HTML(script))
    ),
    content, tags$style(HTML(paste(readLines("dashboard.css"), collapse = "\n")))
  )
  attr(page, "lang") <- "en-GB"
  page
}

# ---------- what follows what ----------

server <- function(input, output, session) {
  state <- reactive(read_state(session$clientData$url_search))
  place <- reactive(find_place(state(), all_schools()))
  view <- reactive(read_view(place()))
  shown <- reactiveVal() # the state whose view has been sent

  go <- function(to) if (!identical(to, write_state(isolate(state())))) updateQueryString(to, "push")
  observeEvent(input$go, if (is.character(input$go) && grepl("^\\?", input$go[1])) {
    go(write_state(read_state(input$go[1])))
    session$sendCustomMessage("top", TRUE)
  })
  lapply(filters, function(name) {
    observeEvent(input[[name]], go(write_state(with_filter(state(), name, input[[name]]))), ignoreInit = TRUE)
  })
  observeEvent(input$school, if (nzchar(input$school) && !identical(input$school, state()$school)) go(write_state(at_place(state(), school = input$school))), ignoreInit = TRUE)
  observe({
    for (name in filters) updateSelectInput(session, name, selected = if (is.null(state()[[name]])) "" else state()[[name]])
    updateSelectInput(session, "school", selected = if (is.null(state()$school)) "" else state()$school)
  })

  # A school is of one phase: the filter goes as far down as the trust, or stays where an address names a phase.
  observe(session$sendCustomMessage("phase", !any(c("school", "class", "pupil") %in% names(state())) || !is.null(state()$phase)))

  way <- reactive(trail(place(), all_schools(), pupil_name(state())))
  heading <- reactive(tryCatch(
    paste0(way()[[length(way())]]$name, ": attendance, ", view()$days),
    error = function(problem) "Attendance"
  ))
  output$title <- renderText(gsub("([0-9]) ([A-Z][a-z]{2}) ([0-9]{4})", "\\1\u00a0\\2\u00a0\\3", heading())) # days are not broken
  observe(session$sendCustomMessage("heading", heading()))
  output$trail <- renderUI(tryCatch(trail_part(way()), error = function(problem) go_link("Back to the beginning", list())))
  output$view <- renderUI(tags$div(
    `data-search` = session$clientData$url_search, # the address that this is about
    tryCatch(
      {
        way()
        view_part(view(), place())
      },
      error = problem_part
    )
  ))
  output$foot <- renderUI(tryCatch(foot_part(place(), parameters_of(place())$population), error = function(problem) NULL))

  # Cohorts take as long as all the rest, which is sent before them.
  observe({
    now <- state()
    session$onFlushed(function() shown(now), once = TRUE)
  })
  output$cohorts <- renderUI(tryCatch({
    if (!place()$level %in% c("register", "la", "trust", "school") || !is.null(state()$cohort) || !isTRUE(view()$has_marks)) {
      return(NULL)
    }
    if (!identical(shown(), state())) return(tags$p(class = "none", "Counting cohorts."))
    section("cohorts-part", "Cohorts", made(recall("cohorts.sql", parameters_of(place()))$cohorts))
  }, error = function(problem) NULL))
}

onStop(disconnect)
shinyApp(ui, server)

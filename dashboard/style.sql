-- The style of the report pages, whose charts and tables these are.
SELECT substring(html_page('', '', '') FROM '<style>(.*)</style>') AS style

-- What a page says, as text.

-- what stands in the rows of a page's tables: row|cell|cell, without bars and what only those who hear it get
CREATE FUNCTION as_text(html text) RETURNS text LANGUAGE sql AS $$
    SELECT replace(replace(replace(replace(replace(replace(regexp_replace(regexp_replace(regexp_replace(html, '<span class="unseen">[^<]*</span>|<td class="bar">(?:(?!</td>).)*</td>', '', 'g'),
        '</t[dh]>(?!</tr>)', '|', 'g'), '<[^>]*>', '', 'g'), '&#160;', ' '), '&lt;', '<'), '&gt;', '>'), '&quot;', '"'), '&#39;', ''''), '&amp;', '&') $$;
CREATE FUNCTION rows_of(html text) RETURNS SETOF text LANGUAGE sql AS $$ SELECT as_text(m[1]) FROM regexp_matches(html, '<tr(?: [^>]*)?>(?:(?!</tr>).)*</tr>', 'g') m $$;

-- The page in one HTML file that asks nothing of the network.

CREATE FUNCTION demo.cell(cell text, tag text) RETURNS text LANGUAGE sql IMMUTABLE
RETURN format('<%s%s>%s</%s>', tag,
  CASE WHEN cell ~ '^[0-9]{1,3}(\u00a0[0-9]{3})*(,[0-9]+)?(\u00a0(km|%|s))?$' THEN ' class="figure"' WHEN cell LIKE '  %' THEN ' class="part"' ELSE '' END,
  demo.escape(btrim(cell, ' ')), split_part(tag, ' ', 1));

CREATE FUNCTION demo.html_map(name text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT format('<figure><figcaption id="map-%1$s">%2$s</figcaption><svg viewBox="-4 -4 528 %3$s" role="img" aria-labelledby="map-%1$s alt-%1$s"><desc id="alt-%1$s">%4$s</desc>'
                '<defs><pattern id="hatch-%1$s" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="5"/></pattern></defs>%5$s</svg><ul class="legend">%6$s</ul></figure>',
                m.name, demo.escape(m.title), f.height + 8, demo.escape(m.alt), m.drawing,
                (SELECT string_agg(format('<li><svg viewBox="0 0 18 14" aria-hidden="true">%s</svg>%s</li>',
                   CASE WHEN split_part(l, '|', 1) IN ('far', 'generic', 'described', 'host') THEN format('<circle class="%s" cx="9" cy="7" r="4.5"/>', split_part(l, '|', 1))
                        ELSE format('<rect class="%s" x="1" y="1" width="16" height="12"/>', split_part(l, '|', 1)) END, demo.escape(split_part(l, '|', 2))), '' ORDER BY i)
                 FROM unnest(m.legend) WITH ORDINALITY u (l, i)))
  FROM demo.map m JOIN demo.frame f ON f.perimeter = m.perimeter WHERE m.name = html_map.name
$$;

-- A run of items is one list, a heading and its rows one table.
CREATE FUNCTION demo.html_section(section int) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
  html text := '';
  shut text := '';
  b record;
BEGIN
  FOR b IN SELECT k.kind, k.cells, lag(k.kind) OVER (ORDER BY k.n) AS before FROM demo.block k WHERE k.section = html_section.section ORDER BY k.n LOOP
    IF shut <> '' AND (b.kind = 'th' OR NOT (b.kind = b.before OR b.kind = 'tr' AND b.before = 'th')) THEN
      html := html || shut;
      shut := '';
    END IF;
    IF shut = '' AND b.kind IN ('li', 'th', 'tr', 'map') THEN
      html := html || CASE b.kind WHEN 'li' THEN '<ul>' WHEN 'map' THEN '<div class="maps">' ELSE '<div class="scroll"><table>' END;
      shut := CASE b.kind WHEN 'li' THEN '</ul>' WHEN 'map' THEN '</div>' ELSE '</table></div>' END;
    END IF;
    html := html || CASE b.kind
      WHEN 'p' THEN '<p>' || demo.escape(b.cells[1]) || '</p>'
      WHEN 'note' THEN '<p class="note">' || demo.escape(b.cells[1]) || '</p>'
      WHEN 'who' THEN '<h3>' || demo.escape(b.cells[1]) || '</h3>'
      WHEN 'li' THEN '<li>' || demo.escape(b.cells[1]) || '</li>'
      WHEN 'map' THEN demo.html_map(b.cells[1])
      WHEN 'th' THEN '<tr>' || (SELECT string_agg(demo.cell(c, 'th scope="col"'), '' ORDER BY i) FROM unnest(b.cells) WITH ORDINALITY u (c, i)) || '</tr>'
      ELSE '<tr>' || (SELECT string_agg(demo.cell(c, CASE i WHEN 1 THEN 'th scope="row"' ELSE 'td' END), '' ORDER BY i) FROM unnest(b.cells) WITH ORDINALITY u (c, i)) || '</tr>'
    END || E'\n';
  END LOOP;
  RETURN html || shut;
END
$$;

CREATE FUNCTION demo.html_page(style text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT E'<!DOCTYPE html>\n<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    || '<title>inclusion — lieux réels, personnes fictives</title><style>' || html_page.style || E'</style></head>\n<body><header><p class="name">inclusion</p>'
    || '<h1>Lieux réels, personnes fictives</h1><p>Démonstration du ' || demo.fr(demo.as_of()) || ', Eure et Haute-Savoie</p>'
    || '<nav aria-label="Sections"><ul>' || (SELECT string_agg(format('<li><a href="#s%s">%s</a></li>', s.n, demo.escape(s.title)), '' ORDER BY s.n) FROM demo.section s) || '</ul></nav></header>'
    || E'<main>\n' || (SELECT string_agg(format(E'<section id="s%s"><h2>%s</h2>\n%s</section>\n', s.n, demo.escape(s.title), demo.html_section(s.n)), '' ORDER BY s.n) FROM demo.section s)
    || '</main><footer><p>Lieux : ANCT, DITP, producteurs locaux, data.gouv.fr, Licence Ouverte 2.0. Population et indicateurs : Insee, Arcep. Contours : IGN.</p></footer></body></html>'
$$;

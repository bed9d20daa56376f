/*
 * 30_sheet: until there is a front end, paper and a spreadsheet are: both are
 * made from the rows of questions.
 */

CREATE FUNCTION inclusion.escape_html(content text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN replace(replace(replace(replace(content, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;');

-- The version of the questions that is asked for, or the one in force today; IN007
-- if there is none.
CREATE FUNCTION inclusion.screening_wanted(version int) RETURNS int
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  asked int;
BEGIN
  PERFORM inclusion.require_registry();
  asked := coalesce(version, inclusion.screening_in_force(current_date));
  IF NOT EXISTS (SELECT FROM inclusion_data.screening_version v WHERE v.version = asked) THEN
    RAISE EXCEPTION 'there is no version % of the questions', coalesce(asked::text, 'in force')
      USING ERRCODE = 'IN007', HINT = 'SELECT version, title FROM inclusion_data.screening_version lists them.';
  END IF;
  RETURN asked;
END
$$;

-- screening_sheet: the questions on one A4 page, in large print, as HTML to be
-- printed; NULL is the version in force today in the only perimeter.
--   psql -XAt -c 'SELECT inclusion.screening_sheet()' > feuille.html
CREATE FUNCTION inclusion.screening_sheet(version int DEFAULT NULL) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  asked constant int := inclusion.screening_wanted(version);
  sheet_title text;
  questions text;
BEGIN
  SELECT inclusion.escape_html(v.title) INTO sheet_title FROM inclusion_data.screening_version v WHERE v.version = asked;
  SELECT string_agg(format('<tr><td>%s. %s</td><td>☐ oui</td><td>☐ non</td></tr>', q.n, inclusion.escape_html(q.wording)), E'\n' ORDER BY q.n)
  INTO questions FROM inclusion_data.screening_question q WHERE q.version = asked;
  RETURN format($html$<!DOCTYPE html>
<html lang="fr">
<head>
<meta charset="utf-8">
<title>%1$s</title>
<style>
@page { size: A4; margin: 14mm; }
body { font: 14pt/1.35 Arial, sans-serif; color: #000; background: #fff; margin: 0; }
h1 { font-size: 20pt; margin: 0 0 3mm; }
p { margin: 0 0 3mm; }
table { width: 100%%; border-collapse: collapse; }
tr { break-inside: avoid; border-bottom: 1px solid #000; }
td { padding: 1.6mm 2mm 1.6mm 0; vertical-align: top; }
td + td { white-space: nowrap; width: 18mm; }
.line { border-bottom: 1px dotted #000; display: inline-block; min-width: 60mm; }
footer { margin-top: 4mm; font-size: 12pt; }
</style>
</head>
<body>
<h1>%1$s</h1>
<p>Vous pouvez ne pas répondre. Rien n'est obligatoire, pas même votre nom.</p>
<table>
%2$s
</table>
<p style="margin-top: 5mm">Prénom et nom, si vous le voulez : <span class="line"></span></p>
<p>Comment vous joindre : ☐ téléphone ☐ courriel ☐ référent ☐ association <span class="line"></span></p>
<p>Ce que vous aimeriez faire : <span class="line"></span></p>
<footer>Questions, version %3$s. Date : ____ / ____ / ______ · Lieu : <span class="line"></span></footer>
</body>
</html>$html$, sheet_title, questions, asked);
END
$$;

-- screening_template: the header of the spreadsheet, for enrol_list; with `;`,
-- as spreadsheets in French separate.
CREATE FUNCTION inclusion.screening_template(version int DEFAULT NULL) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT 'prenom;nom;annee_de_naissance;commune;telephone;courriel;joindre_par;' || string_agg(q.code, ';' ORDER BY q.n)
  FROM inclusion_data.screening_question q
  WHERE q.version = (SELECT inclusion.screening_wanted(screening_template.version))
$$;

COMMENT ON FUNCTION inclusion.escape_html(text) IS 'Texte pour une page : signes de HTML neutralisés.';
COMMENT ON FUNCTION inclusion.screening_wanted(int) IS 'Version des questions : celle qui est demandée, ou celle en vigueur ; IN007 s''il n''y en a pas.';
COMMENT ON FUNCTION inclusion.screening_sheet(int) IS 'Feuille à imprimer : les questions du premier repérage, une page A4 en gros caractères, au format HTML.';
COMMENT ON FUNCTION inclusion.screening_template(int) IS 'Tableau à remplir : titres des colonnes attendues par enrol_list.';

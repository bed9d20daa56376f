/*
 * 62_explain_quality: where a quality comes from, what weighs in it, and what
 * would change it; and the limits within which chance explains everything.
 */

-- Funnel limits around a centre, at 95 % and 99.8 %, within which chance and
-- what all differ by leave them: beyond the last, a special cause is to be
-- looked for.
CREATE FUNCTION inclusion.quality_funnel(measure text, centre float8, sigma float8, n numeric, tau2 float8 DEFAULT 0,
  OUT low_998 float8, OUT low_95 float8, OUT high_95 float8, OUT high_998 float8)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN measure = 'gain' THEN centre - 3.090232306167813 * c.se ELSE inclusion.funnel_prop(centre, c.n, 0.001, tau2) END,
         CASE WHEN measure = 'gain' THEN centre - 1.959963984540054 * c.se ELSE inclusion.funnel_prop(centre, c.n, 0.025, tau2) END,
         CASE WHEN measure = 'gain' THEN centre + 1.959963984540054 * c.se ELSE inclusion.funnel_prop(centre, c.n, 0.975, tau2) END,
         CASE WHEN measure = 'gain' THEN centre + 3.090232306167813 * c.se ELSE inclusion.funnel_prop(centre, c.n, 0.999, tau2) END
  FROM (SELECT greatest(round(quality_funnel.n), 1)::bigint AS n, sqrt(sigma * sigma / quality_funnel.n::float8 + tau2) AS se) c
$$;

-- What a figure is: never a rank, never bad.
CREATE FUNCTION inclusion.quality_class(enough boolean, observed float8, low_998 float8, high_998 float8, low float8, floor float8)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN NOT enough THEN 'pas encore mesurée'
            WHEN observed < low_998 OR low < floor THEN 'à revoir'
            WHEN observed > high_998 THEN 'au-delà de l''attendu'
            ELSE 'dans l''attendu' END;

-- A figure as it is said: in percent, or in levels a competence.
CREATE FUNCTION inclusion.quality_in_words(measure text, figure float8) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN measure = 'gain' THEN replace(to_char((figure / 8)::numeric, 'SG0.00'), '.', ',') || ' niveau'
              ELSE round((100 * figure)::numeric) || ' %' END
$$;

-- Who may read these figures: the territory, the structure, the night and the
-- officer; saying that there is none to somebody else would be untrue.
CREATE FUNCTION inclusion.require_quality_sight(perimeter text, structure bigint) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT row_security_active('inclusion_data.quality') OR pg_has_role('inclusion_night', 'USAGE') OR pg_has_role('inclusion_dpo', 'USAGE') THEN
    RETURN;
  END IF;
  IF require_quality_sight.perimeter = ANY (inclusion_data.perimeters_of(current_user))
     OR require_quality_sight.structure = ANY (inclusion_data.structures_of(current_user)) THEN
    RETURN;
  END IF;
  RAISE EXCEPTION 'role "%" may not read the quality of what others run', current_user
    USING ERRCODE = 'insufficient_privilege', HINT = 'Ask the lead of the perimeter, or read the released figures in pilotage.';
END
$$;

-- One measure in a sentence.
CREATE FUNCTION inclusion.quality_sentence(label text, measure text, n numeric, total numeric, estimate float8, low float8, high float8, caution text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE
    WHEN n IS NULL THEN format('%s : aucun fait.', label)
    WHEN measure = 'gain' THEN
      format('%s : %s par compétence en moyenne, %s parcours mesurés avant et après ; rapproché à %s, entre %s et %s. %s', label,
             inclusion.quality_in_words(measure, (total / 1000000 / n)::float8), trim_scale(n), inclusion.quality_in_words(measure, estimate),
             inclusion.quality_in_words(measure, low), inclusion.quality_in_words(measure, high), caution)
    ELSE
      format('%s : %s sur %s faits (%s) ; rapproché à %s, entre %s et %s. %s', label, replace(trim_scale(total)::text, '.', ','),
             replace(trim_scale(n)::text, '.', ','), inclusion.quality_in_words(measure, (total / n)::float8),
             inclusion.quality_in_words(measure, estimate), inclusion.quality_in_words(measure, low),
             inclusion.quality_in_words(measure, high), caution) END
$$;

-- explain_quality: of an offer, or of an operator (a structure): what the
-- policy looks at, each measure apart, what the centre and the shares weigh,
-- what it comes to, and what would change it.
--   value   the estimate, the weight or the quality the sentence speaks of
CREATE FUNCTION inclusion.explain_quality(offer bigint DEFAULT NULL, operator bigint DEFAULT NULL)
RETURNS TABLE (n int, topic text, measure text, facts numeric, value float8, sentence text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  about record;
  rules record;
  own record;
  centre record;
  about_what constant text := CASE WHEN offer IS NULL THEN 'operator' ELSE 'offer' END;
BEGIN
  IF (explain_quality.offer IS NULL) = (explain_quality.operator IS NULL) THEN
    RAISE EXCEPTION 'an offer or an operator, and not both'
      USING ERRCODE = 'IN202', HINT = 'explain_quality(offer => 12), or explain_quality(operator => 3).';
  END IF;
  PERFORM inclusion.require_registry();
  SELECT o.perimeter, o.structure, o.quality, o.quality_measured, o.documentation INTO about
  FROM inclusion_data.offer o WHERE o.id = explain_quality.offer
  UNION ALL
  SELECT s.perimeter, s.id, NULL, NULL, NULL FROM inclusion_data.structure s WHERE s.id = explain_quality.operator;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'unknown % %', about_what, coalesce(explain_quality.offer, explain_quality.operator)
      USING ERRCODE = 'IN202', HINT = 'SELECT id, name FROM inclusion_data.offer, or inclusion_data.structure, lists them.';
  END IF;
  PERFORM inclusion.require_quality_sight(about.perimeter, about.structure);
  SELECT r.*, m.label INTO rules
  FROM inclusion.quality_rules(about.perimeter, inclusion.today(about.perimeter)) r JOIN inclusion_data.quality_measure m ON m.code = r.measure;
  SELECT q.n, q.total, q.estimate, q.low, q.high INTO own FROM inclusion_data.quality q
  WHERE q.perimeter = about.perimeter AND q.scope = about_what AND q.measure = rules.measure
    AND CASE about_what WHEN 'offer' THEN q.offer = explain_quality.offer ELSE q.structure = explain_quality.operator END;
  SELECT c.*, coalesce(c.rate, c.mu) AS middle INTO centre FROM inclusion_data.quality_centre c
  WHERE c.perimeter = about.perimeter AND c.scope = about_what AND c.measure = rules.measure;

  RETURN QUERY
  SELECT 0, 'rule', rules.measure, NULL::numeric, NULL::float8,
    format('La politique regarde : %s, %s.', rules.label,
           coalesce('faits du ' || to_char(centre.since, 'DD/MM/YYYY') || ' au ' || to_char(centre.as_of, 'DD/MM/YYYY'), 'et aucun fait n''a encore été compté'));

  RETURN QUERY
  SELECT (row_number() OVER (ORDER BY m.code <> rules.measure, m.code))::int, 'measure', m.code, q.n, q.estimate,
    inclusion.quality_sentence(m.label, m.code, q.n, q.total, q.estimate, q.low, q.high, m.caution)
  FROM inclusion_data.quality_measure m
  LEFT JOIN inclusion_data.quality q ON q.perimeter = about.perimeter AND q.scope = about_what AND q.measure = m.code
    AND CASE about_what WHEN 'offer' THEN q.offer = explain_quality.offer ELSE q.structure = explain_quality.operator END
  ORDER BY 1;

  RETURN QUERY
  SELECT 10, 'weight', rules.measure, own.n, w.weight,
    CASE WHEN w.weight = 0 THEN format('Rien ne les distingue encore au-delà du hasard : toutes valent le centre du territoire, %s.',
                                       inclusion.quality_in_words(rules.measure, centre.middle))
         ELSE format('Ses faits pèsent %s %% ; le centre du territoire (%s, d''après %s) pèse le reste.', round((100 * w.weight)::numeric),
                     inclusion.quality_in_words(rules.measure, centre.middle), centre.subjects) END
  FROM (SELECT CASE WHEN rules.measure = 'gain' THEN centre.tau2 / (centre.tau2 + centre.sigma * centre.sigma / own.n::float8)
                    WHEN centre.status = 'pooled' THEN 0
                    ELSE own.n::float8 / (own.n::float8 + centre.alpha + centre.beta) END AS weight) w
  WHERE own.n IS NOT NULL;

  RETURN QUERY
  SELECT 20 + (row_number() OVER (ORDER BY s.offer, s.structure))::int, 'share', rules.measure, q.n * s.share, s.share::float8,
    CASE about_what WHEN 'offer' THEN format('Ses faits comptent à %s pour %s %%.', t.name, trim_scale(100 * s.share))
              ELSE format('%s : %s faits, comptés pour %s %%.', o.name, trim_scale(coalesce(q.n, 0)), trim_scale(100 * s.share)) END
  FROM inclusion_data.operator_share s
  JOIN inclusion_data.offer o ON o.id = s.offer
  JOIN inclusion_data.structure t ON t.id = s.structure
  LEFT JOIN inclusion_data.quality q ON q.offer = s.offer AND q.measure = rules.measure AND q.perimeter = o.perimeter
  WHERE s.offer = explain_quality.offer OR s.structure = explain_quality.operator
  ORDER BY 1;

  RETURN QUERY
  SELECT 1000000, 'outcome', rules.measure, own.n, coalesce(about.quality, own.estimate),
    CASE WHEN c.class = 'pas encore mesurée' THEN
           format('Pas encore mesurée : %s sur les %s faits que demande la politique', replace(trim_scale(coalesce(own.n, 0))::text, '.', ','), rules.enough)
           || CASE about_what WHEN 'offer' THEN format(' ; comptée %s sur 100, la médiane du territoire.', round((100 * about.quality)::numeric)) ELSE '.' END
         WHEN c.class = 'à revoir' THEN
           'À revoir : le hasard n''explique pas seul cet écart au centre, ou la borne basse est sous le plancher voté ; une cause particulière est à chercher.'
         WHEN c.class = 'au-delà de l''attendu' THEN 'Au-delà de l''attendu : le hasard n''explique pas seul cet écart ; une pratique est à partager.'
         WHEN centre.spread > 0 THEN 'Dans l''attendu : le hasard, et ce dont toutes diffèrent entre elles, suffisent à expliquer l''écart au centre.'
         ELSE 'Dans l''attendu : le hasard suffit à expliquer l''écart au centre.' END
  FROM (SELECT inclusion.quality_class(coalesce(own.n >= rules.enough, false),
                 CASE rules.measure WHEN 'gain' THEN own.total / 1000000 / own.n ELSE own.total / own.n END::float8,
                 f.low_998, f.high_998, CASE WHEN rules.measure <> 'gain' THEN own.low END, rules.floor) AS class
        FROM inclusion.quality_funnel(rules.measure, centre.middle, centre.sigma, own.n, centre.spread) f) c;

  RETURN QUERY
  SELECT 1000001, 'change', rules.measure, rules.enough - coalesce(own.n, 0), NULL::float8,
    format('Faits qui manquent pour qu''elle soit mesurée : %s.', replace(trim_scale(rules.enough - coalesce(own.n, 0))::text, '.', ','))
  WHERE coalesce(own.n, 0) < rules.enough;
  RETURN QUERY
  SELECT 1000002, 'change', rules.measure, NULL::numeric, m.better,
    format('Un fait favorable de plus la porterait à %s, un fait contraire à %s.',
           inclusion.quality_in_words(rules.measure, m.better), inclusion.quality_in_words(rules.measure, m.worse))
  FROM (SELECT (inclusion.shared_rate(centre.alpha, centre.beta, centre.status, own.total + 1, own.n + 1)).rate AS better,
               (inclusion.shared_rate(centre.alpha, centre.beta, centre.status, own.total, own.n + 1)).rate AS worse
        WHERE rules.measure <> 'gain'
        UNION ALL
        -- a level more, or less, than expected
        SELECT (inclusion.ebn_shrink(centre.mu, centre.se_mu, centre.tau2, ((own.total + 8000000) / 1000000 / (own.n + 1))::float8, centre.sigma * centre.sigma / (own.n + 1)::float8)).estimate,
               (inclusion.ebn_shrink(centre.mu, centre.se_mu, centre.tau2, ((own.total - 8000000) / 1000000 / (own.n + 1))::float8, centre.sigma * centre.sigma / (own.n + 1)::float8)).estimate
        WHERE rules.measure = 'gain') m
  WHERE own.n IS NOT NULL AND m.better <> m.worse;
  RETURN QUERY
  SELECT 1000003, 'record', NULL::text, NULL::numeric, about.documentation,
    format('Fiche renseignée à %s sur 100 : cela dit comment l''offre est décrite, et rien de ce qu''elle apporte.', round((100 * about.documentation)::numeric))
  WHERE about.documentation IS NOT NULL;
END
$$;

-- list_quality_facts: the facts themselves, those of people the caller may see,
-- the latest first.  `value` is 1 or 0, or the gain in levels a competence.
CREATE FUNCTION inclusion.list_quality_facts(offer bigint, only_measure text DEFAULT NULL)
RETURNS TABLE (measure text, day date, proposal bigint, value float8, label text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
  here text;
  rules record;
BEGIN
  PERFORM inclusion.require_registry();
  SELECT o.perimeter INTO here FROM inclusion_data.offer o WHERE o.id = list_quality_facts.offer;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'unknown offer %', list_quality_facts.offer
      USING ERRCODE = 'IN202', HINT = 'SELECT id, name FROM inclusion_data.offer lists them.';
  END IF;
  IF only_measure IS NOT NULL THEN
    PERFORM inclusion.check_word('measure', only_measure, (SELECT array_agg(m.code ORDER BY m.code) FROM inclusion_data.quality_measure m));
  END IF;
  SELECT r.since, r.overdue INTO rules FROM inclusion.quality_rules(here, inclusion.today(here)) r;
  RETURN QUERY
  SELECT v.measure, v.day, v.proposal, v.value, m.label || ' : ' || CASE
    WHEN v.measure = 'gain' THEN inclusion.quality_in_words('gain', 8 * v.value)
    WHEN v.value = 1 THEN m.success ELSE 'non' END
  FROM (
    SELECT f.measure, f.day, f.proposal, f.success::int::float8 AS value
    FROM inclusion_data.quality_facts(here, rules.since, inclusion.today(here), rules.overdue, ARRAY[list_quality_facts.offer]) f
    UNION ALL
    SELECT 'gain', g.day, g.proposal, g.gain / 8
    FROM inclusion_data.quality_pairs(here, rules.since, inclusion.today(here), ARRAY[list_quality_facts.offer]) g) v
  JOIN inclusion_data.quality_measure m ON m.code = v.measure
  WHERE v.measure = list_quality_facts.only_measure OR list_quality_facts.only_measure IS NULL
  ORDER BY v.measure, v.day DESC, v.proposal;
END
$$;

COMMENT ON FUNCTION inclusion.quality_funnel(text, float8, float8, numeric, float8) IS 'Limites d''entonnoir : autour d''un centre, ce que le hasard, et ce dont toutes diffèrent, expliquent pour autant de faits.';
COMMENT ON FUNCTION inclusion.quality_class(boolean, float8, float8, float8, float8, float8) IS 'Classe d''une qualité : pas encore mesurée, à revoir, dans l''attendu ou au-delà ; jamais un rang.';
COMMENT ON FUNCTION inclusion.quality_in_words(text, float8) IS 'Chiffre en clair : en pour cent, ou en niveaux par compétence.';
COMMENT ON FUNCTION inclusion.require_quality_sight(text, bigint) IS 'Droit de lire une qualité : celui du territoire, de la structure, de la nuit et du délégué.';
COMMENT ON FUNCTION inclusion.quality_sentence(text, text, numeric, numeric, float8, float8, float8, text) IS 'Mesure en une phrase : ses faits, son estimation et ce qu''elle ne prouve pas.';
COMMENT ON FUNCTION inclusion.explain_quality(bigint, bigint) IS 'Explication d''une qualité : ses faits, ce qui y pèse, ce qu''elle vaut et ce qui la changerait.';
COMMENT ON FUNCTION inclusion.list_quality_facts(bigint, text) IS 'Faits d''une offre : un par ligne, pour les personnes que l''appelant voit.';

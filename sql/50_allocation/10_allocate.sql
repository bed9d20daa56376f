/*
 * 10_allocate: places for people, out of any two queries.
 *
 * VOLATILE and PARALLEL UNSAFE because the queries are the caller's: they run
 * read-only, but nothing forbids them to call volatile functions.  Not STRICT:
 * a missing query is an error, not an empty allocation.
 */

CREATE FUNCTION inclusion.allocate(
  applicants text,
  offers text,
  method text DEFAULT 'priority',
  reserve_order text DEFAULT 'reserve_first')
  RETURNS TABLE (
    applicant bigint,
    offer bigint,
    list_position integer,
    reserved_for integer,
    reason text)
  AS 'MODULE_PATHNAME', 'inclusion_allocate'
  LANGUAGE C VOLATILE PARALLEL UNSAFE
  COST 100000 ROWS 10000;

COMMENT ON FUNCTION inclusion.allocate(text, text, text, text) IS
  'Répartition des places : propose à chaque personne la meilleure offre de sa liste que les priorités permettent. '
  '« applicants » est une requête qui donne applicant, rank (le plus petit passe d''abord), offers (de la préférée à la moins désirée) '
  'et, au choix, categories (publics de la personne : 1 pour le premier, 2 pour le deuxième, 4 pour le troisième, et leurs sommes), '
  'classes (une par offre, de 1 à 255, 1 passe d''abord) et held (place déjà proposée, gardée ou améliorée). '
  '« offers » est une requête qui donne offer, capacity et, au choix, reserves (places gardées d''abord à chaque public, rendues à tous si personne n''en a besoin). '
  'Une ligne par personne : list_position est le rang de l''offre dans sa liste, reserved_for le numéro du public dont elle prend une place réservée, '
  'reason vaut placed, kept, improved, list_exhausted ou empty_list';

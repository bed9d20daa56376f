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
  'classes (une par offre, de 1 à 255, 1 passe d''abord), scores (un par offre, entier positif, pour max_score) et held (place déjà proposée, gardée ou améliorée). '
  '« offers » est une requête qui donne offer, capacity et, au choix, reserves (places gardées d''abord à chaque public, rendues à tous si personne n''en a besoin). '
  '« reserve_order » vaut reserve_first (places réservées d''abord : un minimum garanti) ou open_first (places ouvertes d''abord : les réservées s''y ajoutent). '
  '« method » vaut priority, ou max_score : la plus grande somme de scores, sans ordre de priorité ni réserve, pour comparaison. '
  'Une ligne par personne : list_position est le rang de l''offre dans sa liste, reserved_for le numéro du public dont elle prend une place réservée, '
  'reason vaut placed, kept, improved, list_exhausted ou empty_list';

-- The same on lists that grow, for the night: each counts as far as `asked`, and
-- three times further, up to `most`, each time its owner found nothing before its
-- end and what is beyond could take them; `known` offers were looked for, so that
-- a list with fewer is whole; the place held ends it, and is in none of these
-- numbers.  Once somebody's list should go beyond what is known (`asked` is more
-- than `known`, and the list is as long as that), what is returned is not the
-- last word: look for more, and call again.  An offer may have its places in
-- common with one before it (`shares_with`).
CREATE FUNCTION inclusion.allocate_growing(applicants text, offers text, reserve_order text)
  RETURNS TABLE (
    applicant bigint,
    list_position integer,
    reserved_for integer,
    asked integer,
    lengthened integer)
  AS 'MODULE_PATHNAME', 'inclusion_allocate_growing'
  LANGUAGE C VOLATILE PARALLEL UNSAFE
  COST 100000 ROWS 10000;

COMMENT ON FUNCTION inclusion.allocate_growing(text, text, text) IS
  'Répartition sur listes qui s''allongent : celle de allocate, chaque liste d''abord courte, prolongée pour qui pourrait y gagner. '
  'Mêmes requêtes, avec pour chaque personne asked (combien d''offres comptent d''abord), most (combien au plus) et known (combien ont été cherchées), '
  'et pour chaque offre, au choix, shares_with (celle, donnée avant elle, dont elle partage les places). '
  'Une ligne par personne : asked dit jusqu''où sa liste a compté, lengthened combien de fois elle a été prolongée';

-- What one more place would bring, out of the same queries: prices that prove,
-- added up, how far the best total found can be from any other.
CREATE FUNCTION inclusion.allocate_prices(applicants text, offers text)
  RETURNS TABLE (
    offer bigint,
    price bigint,
    placed integer,
    total_score bigint,
    score_bound bigint)
  AS 'MODULE_PATHNAME', 'inclusion_allocate_prices'
  LANGUAGE C VOLATILE PARALLEL UNSAFE
  COST 1000000 ROWS 1000;

COMMENT ON FUNCTION inclusion.allocate_prices(text, text) IS
  'Valeur d''une place de plus : pour chaque offre, ce qu''une place de plus ajouterait au plus à la somme des scores. '
  'Mêmes requêtes que allocate, scores obligatoire ; une place déjà proposée reste à qui la tient. '
  'price vaut 0 où des places restent libres ; placed compte les personnes placées quand la somme est la plus grande trouvée, total_score ; '
  'aucune répartition ne dépasse score_bound, prouvé par les valeurs elles-mêmes : à égalité, la somme est la plus grande possible';

-- More people are called than there are places: each beginning of the order
-- holds its share of the publics.  Rates bear on calls, not on places.
CREATE FUNCTION inclusion.order_calls(applicants text, rates integer[])
  RETURNS TABLE (
    call_order integer,
    applicant bigint)
  AS 'MODULE_PATHNAME', 'inclusion_order_calls'
  LANGUAGE C VOLATILE PARALLEL UNSAFE
  COST 100000 ROWS 1000;

COMMENT ON FUNCTION inclusion.order_calls(text, integer[]) IS
  'Ordre d''appel proportionné : qui appeler d''abord quand des refus sont attendus. '
  '« applicants » est une requête qui donne applicant, rank (le plus petit passe d''abord) et, au choix, categories (1 pour le premier public, 2 pour le second, 3 pour les deux). '
  '« rates » donne la part de chaque public, en pour cent des appels : tout début de l''ordre la contient, tant qu''il reste quelqu''un de ce public ; '
  'si personne n''est des deux publics attendus, le premier l''emporte';

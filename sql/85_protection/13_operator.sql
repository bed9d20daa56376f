/*
 * 13_operator: who speaks for the structure of an offer.
 *
 * Everybody who sees a proposal carries the person's word; the structure's own
 * is given by whoever has access to that structure, or to its whole perimeter.
 * The policies of proposal_step say the same of a step written directly.
 */

CREATE FUNCTION inclusion.speaks_for_offer(offer bigint) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF pg_has_role(current_user, 'inclusion_owner', 'MEMBER') THEN
    RETURN true;
  END IF;
  RETURN EXISTS (SELECT FROM inclusion_data.offer o
                 WHERE o.id = speaks_for_offer.offer
                   AND (o.structure = ANY (inclusion_data.structures_of(current_user))
                        OR o.perimeter = ANY (inclusion_data.perimeters_of(current_user))));
END
$$;

-- To confirm a place that the person accepted, or to decline it, is the
-- structure's: IN305 from anybody else.
CREATE FUNCTION inclusion.require_operator(proposal bigint, offer bigint, from_state text, to_state text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF from_state = 'agreed' AND to_state IN ('confirmed', 'declined') AND NOT inclusion.speaks_for_offer(offer) THEN
    RAISE EXCEPTION 'role "%" does not answer for the structure of offer %', current_user, offer
      USING ERRCODE = 'IN305',
            HINT = format('That structure confirms or declines; if the person no longer wishes to come: inclusion.withdraw_proposal(%s).', proposal);
  END IF;
END
$$;

COMMENT ON FUNCTION inclusion.speaks_for_offer(bigint) IS 'Parole de la structure : vrai si le rôle a accès à celle de l''offre, ou à tout son périmètre.';
COMMENT ON FUNCTION inclusion.require_operator(bigint, bigint, text, text) IS 'Contrôle de la structure : IN305 à qui confirmerait ou refuserait à sa place.';

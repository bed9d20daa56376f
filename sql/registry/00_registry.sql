/*
 * 00_registry: what the registry knows of itself: which steps it has been
 * through, and the French sentence of every error it can raise.
 */

CREATE TABLE inclusion_data.registry_step (
  step        int PRIMARY KEY CHECK (step >= 0),
  word        text NOT NULL UNIQUE,
  version     text NOT NULL,
  applied_at  timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE inclusion_data.registry_step IS
  'Étapes du registre : changements de structure déjà appliqués à cette base, la base elle-même étant l''étape 0.';
COMMENT ON COLUMN inclusion_data.registry_step.step IS 'Étape : numéro d''ordre, 0 pour la base.';
COMMENT ON COLUMN inclusion_data.registry_step.word IS 'Nom de l''étape : mot qui la désigne dans le nom de sa procédure ; « base » pour l''étape 0.';
COMMENT ON COLUMN inclusion_data.registry_step.version IS 'Version du programme : pour l''étape 0, version à laquelle le registre est rendu ; pour les autres, celle qui les a appliquées.';
COMMENT ON COLUMN inclusion_data.registry_step.applied_at IS 'Appliquée le : date et heure auxquelles l''étape a été enregistrée.';

CREATE TABLE inclusion_data.error_label (
  sqlstate    text PRIMARY KEY CHECK (sqlstate ~ '^IN[0-9]{3}$'),
  sentence    text NOT NULL,
  advice      text NOT NULL
);
COMMENT ON TABLE inclusion_data.error_label IS
  'Phrases d''erreur : pour chaque code d''erreur d''inclusion, ce que l''on affiche et ce que l''on conseille.';
COMMENT ON COLUMN inclusion_data.error_label.sqlstate IS 'Code d''erreur : code SQLSTATE de classe IN, le même que dans le programme.';
COMMENT ON COLUMN inclusion_data.error_label.sentence IS 'Phrase affichée : ce qui s''est passé, en français.';
COMMENT ON COLUMN inclusion_data.error_label.advice IS 'Conseil : ce que la personne devant l''écran peut faire.';

INSERT INTO inclusion_data.error_label (sqlstate, sentence, advice) VALUES
  ('IN001', 'Ce périmètre n''existe pas, ou ne peut pas être ouvert ainsi.', 'Choisissez un périmètre de la liste ; s''il est à ouvrir, corrigez l''information signalée.'),
  ('IN002', 'Ce périmètre n''accepte que des personnes fictives.', 'N''enregistrez aucune identité réelle tant que le périmètre n''a pas été déclaré réel.'),
  ('IN003', 'Cette personne n''est pas dans votre file active.', 'Vérifiez le numéro, ou demandez l''accès à la structure qui la suit ; si sa fiche a été réunie à une autre, prenez celle qui est nommée.'),
  ('IN004', 'L''inscription est incomplète ou contradictoire.', 'Corrigez l''information signalée puis recommencez.'),
  ('IN005', 'Un numéro de sécurité sociale figure dans le texte.', 'Retirez-le : ce numéro n''est jamais enregistré ici.'),
  ('IN006', 'Cette personne a demandé à être oubliée.', 'Demandez-lui de nouveau sa parole ; si elle la donne, indiquez-le à l''inscription.'),
  ('IN007', 'Ces réponses n''ont pas pu être enregistrées.', 'Vérifiez la version de la feuille, les réponses et le jour ; recopiez la ligne si elle vient d''un tableau.'),
  ('IN008', 'Ces deux fiches n''ont pas pu être réunies, ou séparées.', 'Vérifiez les deux numéros : un même périmètre, deux fiches, et aucune déjà réunie à une autre.'),
  ('IN009', 'Cette structure ne peut pas être enregistrée.', 'Corrigez l''information signalée puis recommencez.'),
  ('IN010', 'Ce nombre est hors des limites permises.', 'Choisissez-en un dans les limites que dit l''erreur.'),
  ('IN101', 'L''évaluation ne peut pas être enregistrée.', 'Vérifiez les compétences, la date et l''instrument.'),
  ('IN102', 'Aucun objectif n''est fixé pour cette personne.', 'Choisissez avec elle un objectif, puis relancez la recherche.'),
  ('IN103', 'Cette décision d''autonomie n''a pas pu être enregistrée.', 'Vérifiez l''usage, la conclusion, le motif et le jour où l''on y reviendra.'),
  ('IN104', 'Ces tranches d''âge ne se correspondent pas.', 'Comptez de nouveau d''après les années de naissance, ou dans un découpage plus large.'),
  ('IN201', 'L''offre est incomplète ou contradictoire.', 'Corrigez l''information signalée puis recommencez.'),
  ('IN202', 'Cette offre ou cette séance n''existe pas.', 'Vérifiez le numéro dans la liste des offres.'),
  ('IN203', 'Le fichier ne peut pas être lu.', 'Vérifiez son format et le lot indiqué, puis recommencez.'),
  ('IN301', 'Il ne reste plus de place.', 'Proposez une autre séance ou une autre offre.'),
  ('IN302', 'Aucune politique n''est en vigueur pour ce périmètre.', 'Faites voter et enregistrer une politique avant de lancer la nuit.'),
  ('IN303', 'Cette étape n''est pas possible dans l''état actuel de la proposition.', 'Rechargez la proposition : quelqu''un l''a peut-être déjà fait avancer.'),
  ('IN304', 'Cette proposition n''existe pas.', 'Vérifiez le numéro dans la liste des propositions.'),
  ('IN305', 'Ce compte ne peut pas prendre cette décision.', 'Connectez-vous avec un compte nominatif ; la structure de l''offre confirme elle-même.'),
  ('IN306', 'Ce mot n''est pas dans la liste.', 'Choisissez un des mots proposés.'),
  ('IN307', 'Les places ne peuvent pas être offertes à cet instant.', 'Recommencez quand la nuit est publiée.'),
  ('IN308', 'Cette parole doit être donnée par quelqu''un d''autre.', 'Entendez le représentant légal de la personne, ou la personne elle-même si rien ne l''en empêche.'),
  ('IN309', 'Cette politique ne peut pas être enregistrée.', 'Corrigez la règle signalée, d''après ce qui a été voté.'),
  ('IN310', 'Les données d''affectation sont incohérentes.', 'Corrigez la ligne signalée puis recommencez.'),
  ('IN311', 'La nuit a été refusée : rien n''a été publié.', 'La liste précédente reste en vigueur ; lisez le détail de l''exécution.'),
  ('IN320', 'L''appariement en nombre est impossible : offres mal décrites, ou trop nombreuses pour la mémoire permise.', 'Lisez ce que dit l''erreur : corrigez la requête, augmentez inclusion.match_mem ou appariez chaque territoire à part.'),
  ('IN501', 'Une mesure n''en est pas une.', 'Corrigez la valeur signalée, ou laissez-la vide si rien n''a été mesuré.'),
  ('IN502', 'Cet état de calcul ne peut pas être lu.', 'Recalculez-le depuis les faits, ou relisez-le avec la version qui l''a écrit.'),
  ('IN503', 'Ces états de calcul ne s''additionnent pas.', 'Additionnez des états de la même mesure, ou des groupes plus petits.'),
  ('IN801', 'Ce droit d''accès ne peut pas être donné ni retiré.', 'Vérifiez le compte, le périmètre, la structure et les dates.'),
  ('IN802', 'Cet agent est encore le référent de personnes.', 'Indiquez qui prend le relais : toutes lui sont confiées en une fois.'),
  ('IN803', 'Ce thème ne vous est pas ouvert.', 'Adressez-vous à la structure qui a inscrit la personne.'),
  ('IN804', 'Ce texte est trop long.', 'Gardez l''essentiel, en 500 caractères au plus.'),
  ('IN811', 'La protection de ce périmètre n''est pas complète.', 'Mettez en place ce que la liste signale, puis recommencez.'),
  ('IN812', 'Cette demande sur les données d''une personne ne peut pas être traitée.', 'Corrigez l''information signalée puis recommencez.'),
  ('IN901', 'Le registre n''est pas installé.', 'Demandez à l''administrateur d''exécuter CALL inclusion.setup().'),
  ('IN902', 'Un objet qui n''appartient pas à inclusion gêne l''installation.', 'Déplacez ou supprimez les objets de la liste, puis recommencez.'),
  ('IN903', 'Le registre et le programme n''ont pas la même version.', 'Demandez à l''administrateur d''exécuter CALL inclusion.setup().'),
  ('IN904', 'Le schéma de PostGIS est ouvert en écriture à tous.', 'Retirez le droit CREATE à PUBLIC sur ce schéma, puis recommencez.'),
  ('IN905', 'Le journal ne se modifie pas : on y ajoute seulement.', 'Si une ligne est fausse, faites-en consigner une autre qui la corrige.');

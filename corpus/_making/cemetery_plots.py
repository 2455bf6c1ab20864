"""Make the guide to cemetery plots: a regulation with numbered headings and a table of fees."""

from datetime import date

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Frame, KeepTogether, PageTemplate, Spacer
from town_pdf import (
    HEIGHT,
    MARGIN,
    SERIF,
    WIDTH,
    Sheet,
    Styles,
    bullets,
    fee_table,
    paragraphs,
    write_sheet,
)

SHEET = Sheet(
    guide="concession-cimetiere",
    title="Obtenir ou renouveler une concession au cimetière",
    subject="Concessions, columbarium et renouvellement dans les cimetières de la commune",
    department="État civil - Cimetières",
    reference="Guide des concessions funéraires, édition 2026",
    printed=date(2026, 1, 15),
)
FEES = (
    ("Emplacement", "15 ans", "30 ans", "50 ans"),
    ("Terrain de 2 m² (pleine terre ou caveau, une à deux places côte à côte)",
     "180 €", "420 €", "980 €"),
    ("Terrain de 4 m² (caveau double)", "360 €", "840 €", "1 960 €"),
    ("Terrain de 1 m² au carré des enfants", "Gratuit", "90 €", "Non proposé"),
    ("Case de columbarium (deux urnes)", "350 €", "690 €", "Non proposé"),
    ("Cavurne (quatre urnes)", "240 €", "480 €", "Non proposé"),
)  # fmt: skip
OTHER_FEES = (
    ("Autre prestation", "Tarif"),
    ("Dispersion des cendres au jardin du souvenir", "45 €"),
    ("Plaque gravée au jardin du souvenir, pour 15 ans", "60 €"),
    ("Caveau provisoire, les 30 premiers jours", "Gratuit"),
    ("Caveau provisoire, par jour à partir du 31e jour", "3 €"),
    ("Vacation de police funéraire", "25 €"),
)
CEMETERIES = (
    ("Cimetière", "Adresse", "Emplacements"),
    ("Cimetière Saint-Aubin", "rue du Calvaire", "Terrains ; aucun columbarium"),
    ("Cimetière des Ormes", "48 route de la Gare",
     "Terrains, columbarium, cavurnes, jardin du souvenir, carré des enfants"),
)  # fmt: skip


def story() -> list[Flowable]:
    """Return the document's content in order."""
    s = Styles.of(SERIF, 11.2)
    width = WIDTH - 2 * MARGIN
    return [
        *paragraphs(s.title, SHEET.title),
        *paragraphs(
            s.lead,
            "Une concession funéraire donne à une famille le droit d'utiliser un emplacement dans "
            "un cimetière de Vaubreuil-sur-Sarle pendant 15, 30 ou 50 ans. Le terrain du cimetière "
            "reste la propriété de la commune.",
        ),
        *paragraphs(s.section, "1. Qui est concerné ?"),
        *paragraphs(
            s.body,
            "Toute personne domiciliée à Vaubreuil-sur-Sarle peut acheter une concession, pour un "
            "décès récent ou à l'avance à partir de 70 ans.",
            "Ont droit à une sépulture dans un cimetière de la commune :",
        ),
        *bullets(
            s.bullet,
            "les personnes décédées à Vaubreuil-sur-Sarle, quel que soit leur domicile ;",
            "les personnes domiciliées à Vaubreuil-sur-Sarle, quel que soit le lieu du décès ;",
            "les personnes qui ont droit à une place dans une sépulture de famille ;",
            "les Français de l'étranger inscrits sur la liste électorale de la commune.",
        ),
        *paragraphs(
            s.body,
            "Une concession est individuelle (une seule personne nommée), collective (plusieurs "
            "personnes nommées) ou familiale (le titulaire et sa famille).",
        ),
        *paragraphs(s.section, "2. Les cimetières de la commune"),
        fee_table(s, CEMETERIES, (45 * mm, 45 * mm, width - 90 * mm), prices=0),
        *paragraphs(
            s.body,
            "Le cimetière Saint-Aubin n'a plus de terrain libre pour une concession achetée à "
            "l'avance ; une place au cimetière Saint-Aubin est donnée seulement après un décès.",
            "Une famille qui n'achète pas de concession est accueillie gratuitement en terrain "
            "commun au cimetière des Ormes, pendant cinq ans.",
        ),
        *paragraphs(s.section, "3. Tarifs"),
        *paragraphs(
            s.body,
            "Le prix d'une concession dépend de l'emplacement et de la durée. Les tarifs suivants "
            "s'appliquent depuis le 1er janvier 2026 :",
        ),
        fee_table(s, FEES, (width - 84 * mm, 28 * mm, 28 * mm, 28 * mm), prices=3),
        KeepTogether(fee_table(s, OTHER_FEES, (width - 40 * mm, 40 * mm))),
        *paragraphs(
            s.body,
            "Le renouvellement d'une concession coûte le même prix qu'un achat pour la même durée, "
            "au tarif en vigueur le jour de l'échéance.",
            "Le prix d'une concession se paie en une fois, par carte bancaire, par chèque à "
            "l'ordre du Trésor public ou par virement.",
            "Le CCAS peut prendre en charge les frais d'obsèques d'une personne sans ressources et "
            "sans famille.",
        ),
        *paragraphs(s.section, "4. Pièces à fournir"),
        *paragraphs(s.subsection, "4.1 Situation : achat d'une concession"),
        *paragraphs(s.body, "Pour acheter une concession, apportez :"),
        *bullets(
            s.bullet,
            "la pièce d'identité de l'acheteur ;",
            "un justificatif de domicile de moins de trois mois ;",
            "le livret de famille ;",
            "l'acte de décès, si la concession est achetée après un décès.",
        ),
        *paragraphs(s.subsection, "4.2 Situation : renouvellement d'une concession"),
        *paragraphs(s.body, "Pour renouveler une concession, apportez :"),
        *bullets(
            s.bullet,
            "le titre de concession ou le numéro de l'emplacement ;",
            "la pièce d'identité de la personne qui renouvelle ;",
            "un document qui prouve le lien avec le titulaire décédé (livret de famille, acte de "
            "notoriété).",
        ),
        *paragraphs(s.subsection, "4.3 Situation : ouverture d'une sépulture ou travaux"),
        *paragraphs(
            s.body,
            "La pose d'un monument, l'ouverture d'un caveau et la gravure se déclarent cinq jours "
            "ouvrés à l'avance avec le formulaire CI-02, signé par le titulaire ou par ses ayants "
            "droit et par l'entreprise.",
            "Une inhumation demande l'autorisation du maire, que l'entreprise de pompes funèbres "
            "obtient au service état civil avec l'acte de décès.",
        ),
        *paragraphs(s.subsection, "4.4 Situation : exhumation ou transfert d'une urne"),
        *paragraphs(
            s.body,
            "L'exhumation est demandée par le plus proche parent du défunt, par écrit, un mois à "
            "l'avance. En cas de désaccord dans la famille, le tribunal judiciaire décide.",
        ),
        *paragraphs(s.section, "5. Comment faire ?"),
        *bullets(
            s.bullet,
            "Prenez rendez-vous avec le service des cimetières, en ligne ou par téléphone.",
            "Choisissez l'emplacement sur place avec le gardien du cimetière.",
            "Signez l'acte de concession et payez le prix au service des cimetières.",
            "Recevez le titre de concession, signé par le maire, par courrier.",
            numbered=True,
        ),
        *paragraphs(s.section, "6. Délais et renouvellement"),
        *paragraphs(
            s.body,
            "Le titre de concession est envoyé trois semaines après le paiement.",
            "Une inhumation ou une crémation a lieu entre 24 heures et 14 jours calendaires après "
            "le décès.",
            "Une concession peut être renouvelée dans l'année qui précède son échéance et pendant "
            "les deux années qui suivent. La mairie écrit au titulaire et pose une affichette sur "
            "la tombe un an avant l'échéance.",
            "Deux ans après l'échéance, sans renouvellement, la commune peut reprendre "
            "l'emplacement ; les restes sont déposés avec respect à l'ossuaire du cimetière des "
            "Ormes.",
            "Une concession de 15 ou de 30 ans peut être convertie à tout moment en une concession "
            "plus longue ; la somme déjà payée pour les années restantes est déduite du nouveau "
            "prix.",
        ),
        *paragraphs(s.subsection, "6.1 Situation : tombe abandonnée"),
        *paragraphs(
            s.body,
            "Une concession de plus de 30 ans, sans inhumation depuis 10 ans et en état d'abandon, "
            "peut être reprise par la commune après un an de procédure et d'affichage.",
        ),
        *paragraphs(s.subsection, "6.2 Situation : vous renoncez à une concession"),
        *paragraphs(
            s.body,
            "Un titulaire peut rendre à la commune une concession vide de tout corps. La commune "
            "rembourse alors les deux tiers du prix, en proportion des années restantes.",
        ),
        *paragraphs(s.section, "7. Horaires des cimetières"),
        *paragraphs(
            s.body,
            "Les cimetières sont ouverts tous les jours de 8 h à 19 h du 1er avril au 31 octobre, "
            "et de 8 h à 17 h du 1er novembre au 31 mars.",
            "L'accès en voiture est réservé aux entreprises et aux titulaires d'une carte mobilité "
            "inclusion, avec une autorisation gratuite du service des cimetières.",
        ),
        *paragraphs(s.section, "8. Où s'adresser ?"),
        *paragraphs(
            s.body,
            "Service des cimetières, Hôtel de Ville, 1 place de la Fontaine, rez-de-chaussée, "
            "03 53 01 20 14, cimetieres@vaubreuil.example.",
            "Le service des cimetières est ouvert du lundi au vendredi de 8 h 30 à 12 h et de "
            "13 h 30 à 17 h, le jeudi jusqu'à 19 h. Le gardien du cimetière des Ormes répond au "
            "03 53 01 20 15.",
        ),
        *paragraphs(s.section, "9. Textes de référence"),
        *paragraphs(
            s.body,
            "Code général des collectivités territoriales, articles L2223-3 (droit à une "
            "sépulture), L2223-13 à L2223-18 (concessions), R2213-31 à R2213-42 (inhumations et "
            "exhumations) et R2223-10 à R2223-23.",
            "Règlement des cimetières, arrêté municipal n° 2024-031 du 5 février 2024. Tarifs "
            "fixés par la délibération du conseil municipal du 11 décembre 2025.",
        ),
        Spacer(1, 2 * mm),
    ]


def main() -> None:
    """Write the guide into the corpus."""
    frame = Frame(MARGIN, 18 * mm, WIDTH - 2 * MARGIN, HEIGHT - 36 * mm, 0, 0, 0, 0)
    write_sheet(SHEET, [PageTemplate(frames=[frame], onPage=SHEET.frame_page)], story())


if __name__ == "__main__":
    main()

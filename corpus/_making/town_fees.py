"""Make the collection of the town's fees: one table over two pages, grouped by service."""

from datetime import date

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Frame, PageTemplate
from town_pdf import HEIGHT, MARGIN, SANS, WIDTH, Sheet, Styles, fee_table, paragraphs, write_sheet

SHEET = Sheet(
    guide="tarifs-municipaux",
    title="Tarifs municipaux 2026-2027",
    subject="Prix des services de la Ville pour les particuliers",
    department="Finances",
    reference="Tarifs municipaux 2026-2027, délibération du conseil municipal du 25 juin 2026",
    printed=date(2026, 8, 28),
)
FEES: tuple[tuple[str, ...], ...] = (
    ("Prestation", "Unité", "Tarif"),
    ("Restauration scolaire",),
    ("Repas de cantine, quotient familial jusqu'à 400 €", "repas", "1,00 €"),
    ("Repas de cantine, quotient familial de 401 € à 700 €", "repas", "2,05 €"),
    ("Repas de cantine, quotient familial de 701 € à 1 000 €", "repas", "2,95 €"),
    ("Repas de cantine, quotient familial de 1 001 € à 1 200 €", "repas", "3,60 €"),
    ("Repas de cantine, quotient familial supérieur à 1 200 €", "repas", "4,10 €"),
    ("Repas de cantine, famille habitant hors de la commune", "repas", "5,40 €"),
    ("Repas de cantine, adulte (enseignant ou agent)", "repas", "6,30 €"),
    ("Accueil périscolaire et centre de loisirs",),
    ("Accueil périscolaire du matin, quotient familial supérieur à 1 200 €", "séance", "1,90 €"),
    ("Accueil périscolaire du soir avec goûter, quotient familial supérieur à 1 200 €",
     "séance", "3,40 €"),
    ("Centre de loisirs avec repas, quotient familial jusqu'à 400 €", "journée", "4,50 €"),
    ("Centre de loisirs avec repas, quotient familial de 401 € à 700 €", "journée", "7,50 €"),
    ("Centre de loisirs avec repas, quotient familial de 701 € à 1 000 €", "journée", "11,00 €"),
    ("Centre de loisirs avec repas, quotient familial de 1 001 € à 1 200 €", "journée", "13,50 €"),
    ("Centre de loisirs avec repas, quotient familial supérieur à 1 200 €", "journée", "16,00 €"),
    ("Centre de loisirs avec repas, hors commune", "journée", "22,00 €"),
    ("Médiathèque Simone-Bellec",),
    ("Carte de bibliothèque, habitant de moins de 26 ans", "an", "Gratuit"),
    ("Carte de bibliothèque, habitant de 26 ans et plus", "an", "12 €"),
    ("Carte de bibliothèque, adulte hors commune", "an", "24 €"),
    ("Remplacement d'une carte de bibliothèque perdue", "carte", "3 €"),
    ("École municipale de musique",),
    ("Instrument et formation musicale, enfant, quotient familial jusqu'à 700 €", "an", "120 €"),
    ("Instrument et formation musicale, enfant, quotient familial de 701 € à 1 200 €",
     "an", "210 €"),
    ("Instrument et formation musicale, enfant, quotient familial supérieur à 1 200 €",
     "an", "300 €"),
    ("Location des salles municipales",),
    ("Salle Jean-Moulin, habitant de la commune, samedi ou dimanche", "jour", "195 €"),
    ("Espace des Halles, habitant de la commune, samedi ou dimanche", "jour", "120 €"),
    ("Salle du Plessis, habitant de la commune, samedi ou dimanche", "jour", "90 €"),
    ("Stationnement",),
    ("Stationnement résident, premier véhicule", "mois", "15 €"),
    ("Stationnement résident, second véhicule", "mois", "25 €"),
    ("Carnet de dix journées de stationnement pour visiteurs", "carnet", "20 €"),
    ("Réservation d'une place de 5 mètres pour un déménagement", "jour", "10 €"),
    ("Pose des panneaux de stationnement par la Ville", "demande", "25 €"),
    ("Cimetières",),
    ("Concession de 2 m² au cimetière", "15 ans", "180 €"),
    ("Concession de 2 m² au cimetière", "30 ans", "420 €"),
    ("Concession de 2 m² au cimetière", "50 ans", "980 €"),
    ("Case de columbarium (deux urnes)", "15 ans", "350 €"),
    ("Dispersion des cendres au jardin du souvenir", "dispersion", "45 €"),
    ("Cadre de vie",),
    ("Composteur en bois de 300 litres", "composteur", "25 €"),
    ("Composteur en bois de 600 litres", "composteur", "40 €"),
    ("Lombricomposteur de quatre plateaux", "composteur", "30 €"),
    ("Parcelle de jardin familial de 100 m²", "an", "48 €"),
    ("Parcelle de jardin familial de 150 m²", "an", "68 €"),
    ("Parcelle de jardin familial de 200 m²", "an", "88 €"),
    ("Enlèvement d'encombrants, à partir du troisième de l'année", "enlèvement", "25 €"),
    ("Repas à domicile (CCAS)",),
    ("Repas de midi livré, revenu mensuel jusqu'à 1 034 €", "repas", "5,20 €"),
    ("Repas de midi livré, revenu mensuel de 1 034,01 € à 1 450 €", "repas", "7,10 €"),
    ("Repas de midi livré, revenu mensuel supérieur à 1 450 €", "repas", "9,30 €"),
    ("État civil",),
    ("Location du salon de la Fontaine après un mariage", "2 heures", "90 €"),
    ("Photocopie à l'accueil de la mairie", "page A4", "0,20 €"),
)  # fmt: skip


def story() -> list[Flowable]:
    """Return the document's content in order."""
    s = Styles.of(SANS, 9.6)
    width = WIDTH - 2 * MARGIN
    return [
        *paragraphs(s.title, SHEET.title),
        *paragraphs(
            s.body,
            "Le recueil des tarifs municipaux réunit les prix des services de la Ville de "
            "Vaubreuil-sur-Sarle pour les particuliers, du 1er septembre 2026 au 31 août 2027.",
        ),
        *paragraphs(s.section, "Qui est concerné ?"),
        *paragraphs(
            s.body,
            "Les tarifs des habitants s'appliquent aux personnes domiciliées à "
            "Vaubreuil-sur-Sarle, sur présentation d'un justificatif de domicile de moins de trois "
            "mois. Les tarifs selon le quotient familial demandent une attestation de la CAF ou de "
            "la MSA ; sans attestation, le tarif le plus élevé s'applique.",
        ),
        *paragraphs(s.section, "Tarifs"),
        *paragraphs(s.body, "Le tableau suivant donne le prix de chaque service municipal :"),
        fee_table(s, FEES, (width - 50 * mm, 25 * mm, 25 * mm)),
        *paragraphs(
            s.body,
            "La location de la salle Jean-Moulin coûte 195 € par jour aux habitants le samedi et "
            "le dimanche. La caution, qui s'ajoute au prix de la location, est de 500 € pour la "
            "salle Jean-Moulin et de 300 € pour les deux autres salles.",
        ),
        *paragraphs(s.section, "Comment payer ?"),
        *paragraphs(
            s.body,
            "Les factures de la Ville se paient en ligne sur payfip.gouv.fr, par prélèvement, par "
            "carte bancaire ou par chèque à l'ordre du Trésor public, et en espèces jusqu'à 300 € "
            "chez un buraliste agréé.",
            "Une facture municipale est à payer dans les 30 jours. En cas de difficulté, la "
            "Trésorerie de Vaubreuil-sur-Sarle accorde un paiement en plusieurs fois.",
        ),
        *paragraphs(s.section, "Où s'adresser ?"),
        *paragraphs(
            s.body,
            "Service des finances, Hôtel de Ville, 1 place de la Fontaine, 03 53 01 20 05, "
            "finances@vaubreuil.example. Le service des finances est ouvert du lundi au vendredi "
            "de 8 h 30 à 12 h et de 13 h 30 à 17 h.",
        ),
        *paragraphs(s.section, "Textes de référence"),
        *paragraphs(
            s.body,
            "Code général des collectivités territoriales, article L2121-29. Délibération du "
            "conseil municipal du 25 juin 2026 fixant les tarifs des services municipaux.",
        ),
    ]


def main() -> None:
    """Write the collection into the corpus."""
    frame = Frame(MARGIN, 18 * mm, WIDTH - 2 * MARGIN, HEIGHT - 36 * mm, 0, 0, 0, 0)
    write_sheet(SHEET, [PageTemplate(frames=[frame], onPage=SHEET.frame_page)], story())


if __name__ == "__main__":
    main()

"""Make the leaflet on the family allotments: two columns, and a field for the applicant's name."""

from datetime import date

from reportlab.lib import colors
from reportlab.lib.units import mm
from reportlab.platypus import (
    Flowable,
    Frame,
    FrameBreak,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
)
from town_pdf import (
    HEIGHT,
    INK,
    MARGIN,
    SANS,
    WIDTH,
    Sheet,
    Styles,
    bullets,
    fee_table,
    paragraphs,
    write_sheet,
)

SHEET = Sheet(
    guide="jardins-familiaux",
    title="Louer une parcelle de jardin familial",
    subject="Attribution, prix et règles des jardins familiaux",
    department="Espaces verts",
    reference="Jardins familiaux, dépliant 2026",
    printed=date(2026, 2, 2),
)
GUTTER = 9 * mm
COLUMN = (WIDTH - 2 * MARGIN - GUTTER) / 2
FEES = (
    ("Parcelle", "Loyer par an", "Caution"),
    ("100 m²", "48 €", "80 €"),
    ("150 m²", "68 €", "80 €"),
    ("200 m²", "88 €", "80 €"),
)


class NameField(Flowable):
    """A labelled form field the applicant fills in on screen."""

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """Return the field's size in points."""
        self.width, self.height = COLUMN, 40.0
        return self.width, self.height

    def draw(self) -> None:
        """Draw the label and the field; called by reportlab."""
        self.canv.setFont(SANS.regular, 9)
        self.canv.drawString(0, 24, "Nom et prénom du demandeur :")
        self.canv.acroForm.textfield(
            name="nom_demandeur", tooltip="Nom et prénom du demandeur", x=0, y=0, width=COLUMN,
            height=18, fontName=SANS.regular, fontSize=10, borderWidth=0.5, borderColor=INK,
            fillColor=colors.white, forceBorder=True, relative=True, maxlen=80,
        )  # fmt: skip


def story() -> list[Flowable]:
    """Return the document's content in order."""
    s = Styles.of(SANS, 10.4)
    introduction = (
        "La Ville de Vaubreuil-sur-Sarle loue à l'année 60 parcelles de jardin familial aux "
        "habitants qui veulent cultiver des légumes, des fruits et des fleurs pour leur famille."
    )
    return [
        Paragraph(SHEET.title, s.title),
        *paragraphs(s.lead, introduction),
        FrameBreak(),
        NextPageTemplate("columns"),
        *paragraphs(s.section, "Qui est concerné ?"),
        *paragraphs(
            s.body,
            "Un jardin familial est réservé à une personne majeure qui habite "
            "Vaubreuil-sur-Sarle et dont le logement n'a pas de jardin de plus de 50 m².",
            "Un foyer ne peut louer qu'une parcelle de jardin familial.",
            "Une école ou une association peut obtenir une parcelle collective par une convention "
            "d'un an.",
        ),
        *paragraphs(s.section, "Les sites"),
        *bullets(
            s.bullet,
            "Les Prés-Bas, chemin de la Sarle : 42 parcelles, de 100 à 200 m², avec cabanon.",
            "La Croix-Blanche, rue du Calvaire : 18 parcelles de 100 m², dont 3 surélevées pour "
            "des personnes en fauteuil roulant.",
        ),
        *paragraphs(s.section, "Tarifs"),
        *paragraphs(s.body, "Le loyer d'un jardin familial dépend de la surface de la parcelle :"),
        fee_table(s, FEES, (COLUMN - 52 * mm, 28 * mm, 24 * mm), prices=2),
        *paragraphs(
            s.body,
            "Le loyer d'un jardin familial comprend 8 m³ d'eau par an. L'eau consommée en plus est "
            "facturée 1,92 € par mètre cube.",
            "Le loyer est réduit de moitié pour un foyer dont le quotient familial est inférieur "
            "ou égal à 700 €.",
            "La caution de 80 € est rendue au départ si la parcelle est propre et les clés sont "
            "remises.",
        ),
        *paragraphs(s.section, "Pièces à fournir"),
        *paragraphs(s.body, "Pour demander un jardin familial, joignez :"),
        *bullets(
            s.bullet,
            "le formulaire EV-01, rempli et signé ;",
            "une pièce d'identité ;",
            "un justificatif de domicile de moins de trois mois ;",
            "l'attestation d'assurance de responsabilité civile ;",
            "l'attestation de quotient familial, pour le loyer réduit.",
        ),
        *paragraphs(s.section, "Comment faire ?"),
        *bullets(
            s.bullet,
            "Déposez la demande en ligne ou au service espaces verts, à tout moment de l'année.",
            "Confirmez la demande chaque année en janvier, sinon la demande sort de la liste "
            "d'attente.",
            "Visitez la parcelle proposée avec un agent du service espaces verts.",
            "Signez le contrat et le règlement, et payez le loyer et la caution.",
            numbered=True,
        ),
        *paragraphs(s.subsection, "Situation : vous êtes sur la liste d'attente"),
        *paragraphs(
            s.body,
            "Les parcelles sont attribuées en mars par ordre d'ancienneté des demandes. Un refus "
            "de parcelle fait perdre un an d'ancienneté ; un second refus retire la demande.",
        ),
        *paragraphs(s.subsection, "Situation : vous avez une mobilité réduite"),
        *paragraphs(
            s.body,
            "Les trois parcelles surélevées de la Croix-Blanche sont attribuées en priorité aux "
            "titulaires d'une carte mobilité inclusion.",
        ),
        *paragraphs(s.subsection, "Situation : vous rendez votre parcelle"),
        *paragraphs(
            s.body,
            "Le jardinier qui quitte sa parcelle prévient le service espaces verts par écrit deux "
            "mois à l'avance. Le loyer des mois entiers restants est remboursé.",
        ),
        *paragraphs(s.section, "Délais"),
        *paragraphs(
            s.body,
            "L'attente pour un jardin familial est d'environ deux ans aux Prés-Bas et de trois ans "
            "à la Croix-Blanche.",
            "Le contrat de location va du 1er avril au 31 mars et se renouvelle chaque année.",
            "La parcelle doit être cultivée dans les deux mois qui suivent la remise des clés.",
        ),
        *paragraphs(s.section, "Règles des jardins"),
        *bullets(
            s.bullet,
            "Les pesticides de synthèse et le désherbant sont interdits dans les jardins "
            "familiaux.",
            "L'arrosage au jet est interdit de 10 h à 18 h, du 1er juin au 15 septembre.",
            "Le barbecue est autorisé le samedi et le dimanche, hors alerte sécheresse.",
            "Les constructions, les piscines et les animaux d'élevage sont interdits, sauf trois "
            "poules au plus aux Prés-Bas.",
            "La vente de la récolte est interdite.",
        ),
        *paragraphs(
            s.body,
            "Une parcelle laissée en friche est reprise par la Ville après deux lettres, envoyées "
            "à un mois d'intervalle.",
        ),
        *paragraphs(s.section, "Où s'adresser ?"),
        *paragraphs(
            s.body,
            "Service espaces verts, Centre technique municipal, 14 rue des Ateliers, "
            "03 53 01 20 75, espaces.verts@vaubreuil.example.",
        ),
        *paragraphs(s.section, "Horaires"),
        *paragraphs(
            s.body,
            "Le service espaces verts est ouvert du lundi au vendredi de 8 h 30 à 12 h et de "
            "13 h 30 à 16 h 30. Les jardins familiaux sont ouverts tous les jours de 7 h à 21 h.",
        ),
        FrameBreak(),
        *paragraphs(s.section, "Textes de référence"),
        *paragraphs(
            s.body,
            "Code rural et de la pêche maritime, articles L561-1 et L561-2. Règlement des jardins "
            "familiaux, délibération du conseil municipal du 22 janvier 2026.",
        ),
        *paragraphs(s.section, "Formulaire"),
        *paragraphs(
            s.body,
            "Une demande peut commencer ici : écrivez le nom du demandeur dans le champ et envoyez "
            "le dépliant au service espaces verts avec les pièces.",
        ),
        NameField(),
    ]


def main() -> None:
    """Write the leaflet into the corpus."""
    foot, top = 18 * mm, HEIGHT - 18 * mm
    banner = 30 * mm

    def columns(height: float) -> list[Frame]:
        return [
            Frame(left, foot, COLUMN, height, 0, 0, 0, 0)
            for left in (MARGIN, MARGIN + COLUMN + GUTTER)
        ]

    first = [
        Frame(MARGIN, top - banner, WIDTH - 2 * MARGIN, banner, 0, 0, 0, 0),
        *columns(top - banner - foot),
    ]
    pages = [
        PageTemplate("first", first, onPage=SHEET.frame_page),
        PageTemplate("columns", columns(top - foot), onPage=SHEET.frame_page),
    ]
    write_sheet(SHEET, pages, story())


if __name__ == "__main__":
    main()

"""Items of summaries as an honest writer would word them, with the messages they rest on."""

from __future__ import annotations

from dataclasses import dataclass

from civic_assistant.language_model.line import Line, Speaker
from civic_assistant.language_model.summary_rules import Part


@dataclass(frozen=True, slots=True)
class Honest:
    """An item in a desk's language, of one part of a summary, and a message in another or none."""

    part: Part
    language: str
    item: str
    spoken: str
    message: str

    @property
    def line(self) -> Line:
        """The message as a model reads it."""
        speaker: Speaker = "agent" if self.part == "told" else "citizen"
        return Line(1, speaker, self.message, self.spoken)


_ITEMS: tuple[tuple[Part, str, str, str, str], ...] = (
    ("asked", "fr", "L’usager demande le prix d’un repas à la cantine.",
     "fr", "Bonjour, combien coûte un repas à la cantine pour mon fils ?"),
    ("asked", "fr", "L’usager demande un duplicata de sa carte de stationnement perdue.",
     "fr", "J’ai perdu ma carte de stationnement, je n’ai plus rien. Et un duplicata ?"),
    ("asked", "fr", "L’usager n’a pas reçu sa carte et demande quand elle arrivera.",
     "fr", "Je n’ai toujours pas reçu ma carte. Elle arrive quand ?"),
    ("open", "fr", "L’usager voudrait un rendez-vous le samedi matin.",
     "fr", "Merci. Est-ce possible de venir un samedi matin ? Je ne peux pas en semaine."),
    ("told", "fr", "La carte coûte 30 € par an.",
     "fr", "Bonjour Madame. La carte coûte 30 € par an, et elle n’est pas remboursée."),
    ("told", "fr", "Il faut apporter un justificatif de domicile de moins de 3 mois.",
     "fr", "Oui, il vous faudra un justificatif de domicile de moins de 3 mois."),
    ("asked", "fr", "L’usager demande où inscrire son enfant à l’école.",
     "de", "Guten Tag, wir sind neu hier. Wo kann ich mein Kind in der Schule anmelden?"),
    ("asked", "fr", "L’usager demande combien coûte le stationnement résident.",
     "en", "Hi, I don’t have a garage. How much is resident parking?"),
    ("asked", "fr", "L’usager demande comment renouveler son titre de séjour.",
     "ar", "مرحبا، كيف يمكنني تجديد بطاقة إقامتي؟"),
    ("asked", "fr", "L’usager demande s’il peut se marier à la mairie.",
     "es", "Buenos días, quería saber si podemos casarnos en el ayuntamiento."),
    ("asked", "fr", "L’usager demande quand la piscine est ouverte.",
     "uk", "Доброго дня! Коли відкритий басейн?"),
    ("asked", "fr", "L’usager demande une place en crèche.",
     "tr", "Merhaba, kızım için kreşte yer istiyorum. Ne yapmalıyım?"),
    ("asked", "fr", "L’usager demande l’adresse de la bibliothèque.",
     "zh", "你好，请问图书馆的地址是什么？"),
    ("open", "fr", "L’usager n’a pas les revenus pour payer la cantine et demande une aide.",
     "pl", "Nie mam dochodów, żeby płacić za stołówkę. Czy jest jakaś pomoc?"),
    ("open", "fr", "L’usager demande s’il faut une traduction de l’acte de naissance.",
     "ro", "Trebuie să traduc certificatul de naștere?"),
    ("asked", "en", "The citizen asks what a resident parking card costs.",
     "fr", "Bonjour, combien coûte la carte de stationnement résident ?"),
    ("told", "en", "The card costs €30 a year and is not refunded.",
     "fr", "La carte coûte 30 € par an, et elle n’est pas remboursée."),
    ("told", "en", "The desk is open from 9 to 12.",
     "fr", "Le guichet est ouvert de 9 h à 12 h. Il n’y a pas de permanence le samedi."),
    ("open", "en", "The citizen cannot come during the week.",
     "pt", "Obrigado. Não posso ir durante a semana."),
    ("asked", "en", "The citizen wants to report a broken street lamp.",
     "it", "Buongiorno, vorrei segnalare un lampione rotto nella mia via."),
    ("asked", "en", "The citizen has lost their identity card and asks what to do.",
     "en", "hello, lost my id card on the bus, what do I do? never happened before"),
    ("asked", "fr", "L’usager demande les horaires de la déchèterie.",
     "fr", "salut c quoi les horaires de la déchetterie svp"),
    ("told", "fr", "Le service de l’urbanisme rappellera l’usager.",
     "fr", "Je transmets au service de l’urbanisme, qui vous rappellera dans la semaine."),
    ("open", "fr", "L’usager demande si son fils majeur peut venir à sa place.",
     "de", "Kann mein volljähriger Sohn für mich kommen? Ich kann nicht gut laufen."),
)  # fmt: skip
HONEST = tuple(Honest(*each) for each in _ITEMS)

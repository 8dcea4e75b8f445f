// French phrases.
import type { LanguagePack } from "./language-pack.ts";

export const french: LanguagePack = {
  greetings: ["Bonjour,", "Bonsoir,", "Madame, Monsieur,", "Bonjour à toute l'équipe,"],
  asks: [
    "Merci de me répondre rapidement.",
    "Je souhaite un échange ou un remboursement.",
    "Que me proposez-vous ?",
    "Pouvez-vous vérifier aujourd'hui ?",
    "Je peux vous envoyer des photos.",
  ],
  closings: ["Cordialement", "Merci d'avance", "Bien à vous", "Merci", "Bonne journée"],
  contacts: [
    "Vous pouvez me joindre au {phone}.",
    "Merci de répondre à {email}.",
    "Mon numéro : {phone}, mon adresse : {email}.",
  ],
  faults: {
    earbuds: ["l'écouteur droit ne charge plus", "le son coupe sans cesse à gauche", "l'étui ferme mal"],
    watch: ["la batterie est vide en quatre heures", "l'écran reste noir", "le bracelet s'est détaché"],
    dress: ["la couture sous le bras a lâché", "la fermeture est bloquée", "la couleur a dégorgé au premier lavage"],
    sneakers: ["la semelle se décolle", "la couture à l'avant s'ouvre", "la semelle intérieure glisse"],
    kitchen: ["le joint fuit", "l'appareil s'arrête après quelques secondes", "ça sent le brûlé"],
    toy: ["deux pièces sont fendues", "la télécommande ne répond pas", "les aimants se détachent"],
    lamp: ["la lumière clignote sans arrêt", "l'interrupteur chauffe", "elle ne s'allume pas"],
    bag: ["la fermeture est cassée", "une bretelle s'est déchirée", "la doublure est déchirée"],
  },
  topics: {
    late_delivery: {
      subjects: ["Où est ma commande {order} ?", "Colis toujours pas reçu", "Suivi bloqué"],
      bodies: [
        "J'ai commandé il y a {days} jours et le colis n'est toujours pas là. Le suivi ne bouge plus.",
        "Où en est la commande {order} ? Elle devait arriver la semaine dernière.",
        "La date de livraison de {product} est passée et personne ne sait où est le colis.",
        "Le suivi affiche la même ligne depuis lundi.",
      ],
    },
    never_arrived: {
      subjects: ["Commande {order} jamais reçue", "Colis perdu ?"],
      bodies: [
        "Après {days} jours, la commande {order} n'est jamais arrivée. Je pense qu'elle est perdue.",
        "Le transporteur dit que le colis avec {product} est introuvable.",
        "Rien n'est arrivé : ni avis de passage, ni voisin, ni colis.",
      ],
    },
    quality_defect: {
      subjects: ["{product} en panne", "Article défectueux, {order}", "Ne marche plus"],
      bodies: [
        "J'utilise {product} depuis quelques jours et maintenant {fault}.",
        "Malheureusement {fault}. J'attendais mieux de {product}.",
        "Tout allait bien pendant une semaine, puis {fault}. Il n'est pas tombé.",
        "Il y a un problème avec {product} : {fault}.",
      ],
    },
    size_too_small: {
      subjects: ["Trop petit", "Taille petit, {order}"],
      bodies: [
        "J'ai pris ma taille habituelle mais {product} est beaucoup trop petit.",
        "{product} taille au moins une taille en dessous du guide.",
        "J'ai suivi le guide des tailles, pourtant {product} est trop serré.",
      ],
    },
    size_too_large: {
      subjects: ["Trop grand", "Il me faut une taille en dessous"],
      bodies: [
        "{product} est trop grand pour moi, puis-je avoir une taille en dessous ?",
        "Ça taille très grand, je nage dedans.",
        "{product} est bien plus large que prévu.",
      ],
    },
    poor_fit: {
      subjects: ["Coupe qui ne va pas", "Question sur la coupe"],
      bodies: [
        "La taille de {product} est bonne mais la coupe ne me va pas du tout.",
        "C'est trop serré à un endroit et trop large à un autre.",
        "{product} tombe bizarrement, je voudrais le renvoyer.",
      ],
    },
    not_as_described: {
      subjects: ["Non conforme à la description", "Différent des photos"],
      bodies: [
        "{product} ne ressemble pas du tout aux photos de votre site.",
        "La description promet des fonctions que {product} n'a pas.",
        "La matière n'est pas celle de l'annonce.",
      ],
    },
    style_colour: {
      subjects: ["Couleur différente", "Finalement pas mon style"],
      bodies: [
        "La couleur de {product} est bien plus foncée que sur la photo.",
        "Je n'aime pas {product} en vrai.",
        "À la lumière du jour, la couleur n'a rien à voir.",
      ],
    },
    damaged_in_transit: {
      subjects: ["Arrivé abîmé", "Cassé à la livraison, {order}"],
      bodies: [
        "Le carton était écrasé et {product} est arrivé cassé.",
        "En ouvrant le colis j'ai trouvé {product} en morceaux. Presque aucune protection.",
        "Le paquet était mouillé et enfoncé, {product} est fissuré.",
      ],
    },
    wrong_item: {
      subjects: ["Mauvais article", "Ce n'est pas ce que j'ai commandé"],
      bodies: [
        "J'ai commandé {product} et j'ai reçu tout autre chose.",
        "Vous avez envoyé la mauvaise couleur et le mauvais modèle.",
        "L'étiquette indique {product} mais la boîte contient un autre produit.",
      ],
    },
    missing_parts: {
      subjects: ["Pièces manquantes", "Livraison incomplète"],
      bodies: [
        "Il manquait le câble dans la boîte de {product}.",
        "{product} est arrivé sans vis ni notice.",
        "J'ai compté deux fois : il manque des pièces à {product}.",
      ],
    },
    changed_mind: {
      subjects: ["Annulation / retour", "Je souhaite le renvoyer"],
      bodies: [
        "Je n'ai plus besoin de {product} et souhaite le retourner.",
        "Merci d'annuler la commande {order}, c'était une erreur.",
        "J'ai trouvé autre chose entre-temps. Comment renvoyer {product} ?",
      ],
    },
    usage_question: {
      subjects: ["Comment ça marche ?", "Question sur {product}"],
      bodies: [
        "Comment connecter {product} à mon téléphone ? Il n'apparaît pas dans la liste.",
        "La notice de {product} est très courte. Comment le réinitialiser ?",
        "Combien de temps faut-il charger {product} la première fois ?",
        "Peut-on nettoyer {product} à l'eau ?",
      ],
    },
    customs_tax: {
      subjects: ["Frais de douane ?", "Taxe à l'importation"],
      bodies: [
        "Le transporteur me demande des frais de douane pour {order}. Votre site dit que tout est compris.",
        "On m'a demandé de payer une taxe à la porte. Qui la prend en charge ?",
        "Mon colis est bloqué en douane, il faut une facture. Pouvez-vous l'envoyer ?",
      ],
    },
    unclear_policy: {
      subjects: ["Comment faire un retour ?", "Qui paie le retour ?"],
      bodies: [
        "Je ne trouve pas sur votre site qui paie le retour.",
        "C'est 14 ou 30 jours ? Vos conditions disent les deux.",
        "À quelle adresse renvoyer ? La page en donne trois.",
      ],
    },
    slow_service: {
      subjects: ["Toujours sans réponse", "Deuxième message, {order}"],
      bodies: [
        "Je vous ai écrit il y a plusieurs jours sans réponse.",
        "C'est mon deuxième message. Quelqu'un lit-il ces messages ?",
        "J'attends une réponse depuis la semaine dernière, c'est très long.",
      ],
    },
    other: {
      subjects: ["Question", "Facture de la commande {order}", "Changement d'adresse"],
      bodies: [
        "Pourriez-vous m'envoyer une facture au nom de ma société ?",
        "J'ai déménagé, peut-on encore changer l'adresse de {order} ?",
        "Le code promo n'a pas marché au paiement.",
      ],
    },
  },
  comments: {
    quality_defect: ["Au bout d'une semaine {fault}.", "Défectueux : {fault}", "mauvaise qualité, {fault}"],
    size_too_small: ["taille trop petit", "beaucoup trop serré", "guide des tailles faux, trop petit"],
    size_too_large: ["trop grand", "taille très large"],
    poor_fit: ["coupe bizarre", "tombe mal aux épaules"],
    not_as_described: ["pas comme sur les photos", 'annoncé "étanche", ce n\'est pas vrai'],
    style_colour: ["couleur différente", "fait bon marché"],
    damaged_in_transit: ["carton écrasé, article cassé", "verre brisé, aucune protection", "arrivé en morceaux"],
    wrong_item: ["mauvais modèle", "mauvaise couleur"],
    missing_parts: ["câble manquant", "il manque les vis"],
    changed_mind: ["plus besoin", "commandé par erreur", "moins cher ailleurs"],
    late_delivery: ["arrivé trop tard pour l'anniversaire", "deux semaines de retard"],
  },
  good: ["Rapide et aimable, merci !", "Réglé en un seul message.", "Très bonne aide", "Parfait"],
  bad: ["Beaucoup trop long.", "Des réponses toutes faites.", "Toujours pas résolu", "J'ai dû relancer trois fois"],
};

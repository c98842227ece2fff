# Panels of csto in R, without packages: types, keys, a model, and what an empty cell means.
#
#   csto panel state-year --from 1992 --to 2024 -o states.csv
#   csto panel dyad-year --from 1992 --to 2024 -o dyads.csv
#   csto panel spells --from 1992 --to 2024 -o spells.csv
#   Rscript panel.R FOLDER

folder <- commandArgs(trailingOnly = TRUE)[1]
read_panel <- function(name) {
  # "-" stands before an organization was founded; an empty cell says nothing, and is no zero.
  read.csv(file.path(folder, name), na.strings = c("", "-"), encoding = "UTF-8")
}
states <- read_panel("states.csv")
dyads <- read_panel("dyads.csv")
spells <- read_panel("spells.csv")

# Keys: numbers of states under the names that peacesciencer has, so that merge() needs no table.
stopifnot(is.numeric(states$ccode), is.numeric(states$gwcode), is.numeric(dyads$ccode1))
stopifnot(!anyDuplicated(states[c("ccode", "year")]))
stopifnot(!anyDuplicated(dyads[c("ccode1", "ccode2", "year")]))

# How many states were full members of the CSTO at the end of each year, at least.
members <- aggregate(csto_dec31 ~ year, data = states, FUN = sum)
print(members[members$year %in% c(2005, 2012, 2022), ], row.names = FALSE)

# Do states that share more organizations vote alike? Only roll calls in which both are recorded.
voted <- subset(dyads, !is.na(votes_both) & votes_both > 0)
model <- glm(cbind(votes_same, votes_both - votes_same) ~ shared_dec31_min,
             data = voted, family = binomial)
print(round(coef(summary(model)), 3))

# Days of a spell: certain from start_latest to end_earliest.
csto <- subset(spells, grepl("csto$", framework) & status == "full member")
csto$certain_days <- as.numeric(
  as.Date(ifelse(is.na(csto$end_earliest), "2024-12-31", csto$end_earliest)) -
    as.Date(csto$start_latest))
print(csto[c("name", "start_latest", "end_earliest", "certain_days")], row.names = FALSE)

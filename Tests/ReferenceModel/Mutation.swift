/// A mistake on purpose: each must change the answer of some random world, or the worlds could not tell it from the rule.
package enum Mutation: String, CaseIterable, Sendable {
  case eventBoundaryFlipped, knowledgeExclusive, ttlEdgeFlipped, windowLowerEdgeFlipped
  case olderRowStepsInWhenExpired, nullFallsBackToOlderValue, notKnownFallsBackToOlderRow
  case ageCountsFromKnownTime, ttlIgnored
  case whereBeforeVersions, keysBeforeVersions, eventTimeBeforeVersions, versionsNotResolved
  case deletionIgnored, deletionLosesTies, deletedIdStaysDeleted
  case tiesByLeastValues, tiesByInsertionOrder, latestKnownWins
  case countCountsNulls, populationVariance, sumsNotExact, integersSummedAsDoubles, emptyCountIsNull
  case aggregateWhereIgnored, ratioNeedsBoth, lastCanBeNull, percentileTakesNearest
  case knownTimeIgnored, delayIgnored, cutoffIgnored, asRevisedIgnored
  case columnKnownTimeIgnored, columnDelayIgnored, whereDoesNotPostpone
  case labelCutAtDecision, immatureLabelStays, immatureLabelIsZero, horizonAfterDelay, horizonIgnoresCutoff
  case lateLabelStays, embargoIgnored, testBeginsAtItsSpan
  case spineDeduplicated, spineNullsLast, spineTextByLetters
  case textIgnoresCase, textNormalized, nullKeysMatch, keysJoinedAsText
  case knownTimeRoundsDown, periodBegins, infinityStays
  case expiredAfterNotKnown, nullIsMissing
}

/// Where the rules' words leave a choice: the model takes the one, random worlds avoid rows for which the other would differ.
///
/// Each names the reading that is *not* taken.
package enum OtherReading: String, CaseIterable, Sendable {
  /// R6: the values of an aggregate do not take part where its `where` is not true.
  case tieValuesAreFiltered
  /// R6: after the values, the module's order decides instead of the columns' known times.
  case tiesLeftToInput
  /// R15: "greatest value in the label's known-time column" of the whole module, not of the spine's rows.
  case horizonOfWholeModule
  /// R15: with durations a part begins at T − span, not a microsecond later.
  case partBeginsAtSpan
  /// R15: a part without rows is not the next one.
  case emptyPartIsPassedOver
  /// R1: an immature label takes part in the order of the spine.
  case spineOrderSeesImmatureLabels
  /// R4: of versions of one known time, one without event time is the later.
  case nullEventTimeIsLater
  /// R4: each operand of a ratio is known for itself.
  case ratioOperandsKnownApart
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OpenClaw.Analyzers.Runs;

/// <summary>Agent turns that belong to one run, with results that only memory holds.</summary>
/// <param name="Container">The loop, or the block or file whose statements make the sequence.</param>
/// <param name="Turns">The invocations that make the turns, in the order of the source.</param>
/// <param name="Description">How a message names their results.</param>
internal sealed record StepGroup(SyntaxNode Container, IReadOnlyList<InvocationExpressionSyntax> Turns, string Description);

// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import { ProvenanceLedger } from "../src/ProvenanceLedger.sol";
import { IOrganisationRegistry, ROLE_RECORD } from "../src/interfaces/IOrganisationRegistry.sol";
import { IProvenanceLedger } from "../src/interfaces/IProvenanceLedger.sol";
import { Fixture } from "./utils/Fixture.sol";
import { Typed } from "./utils/Typed.sol";
import { Vm, vm } from "./utils/Vm.sol";

contract ProvenanceLedgerTest is Fixture {
    function test_RevertWhen_ThereIsNoContractAtTheRegistry() external {
        vm.expectRevert(abi.encodeWithSelector(IProvenanceLedger.ProvenanceLedger_NoRegistry.selector, CARRIER));
        new ProvenanceLedger(IOrganisationRegistry(CARRIER));
    }

    function test_RevertWhen_SequenceIsZero() external {
        expectWrongSequence(1, 0);
    }

    function test_RevertWhen_SequenceWasRecorded() external {
        recordSealed(1);
        recordSealed(2);
        expectWrongSequence(3, 2);
        expectWrongSequence(3, 1);
    }

    function test_RevertWhen_SequenceIsAhead() external {
        expectWrongSequence(1, 2);
        recordSealed(1);
        expectWrongSequence(2, 3);
    }

    function testFuzz_RevertWhen_SequenceIsNotTheNext(uint8 recorded, uint64 given) external {
        recorded %= 20;
        vm.assume(given != uint64(recorded) + 1);
        for (uint64 sequence = 1; sequence <= recorded; ++sequence) {
            recordSealed(sequence);
        }
        expectWrongSequence(uint64(recorded) + 1, given);
    }

    function test_RevertWhen_SizeIsZero() external {
        IProvenanceLedger.Header memory header = headerOf(1, noItems());
        header.size = 0;
        bytes memory signature = signed(KEY, header);
        vm.expectRevert(
            abi.encodeWithSelector(IProvenanceLedger.ProvenanceLedger_EmptyBatch.selector, ORGANISATION, uint64(1))
        );
        ledger.record(header, signature, noItems());
    }

    function testFuzz_RevertWhen_IndexRootIsNotZero(bytes32 indexRoot) external {
        vm.assume(indexRoot != 0);
        IProvenanceLedger.Header memory header = headerOf(1, noItems());
        header.indexRoot = indexRoot;
        bytes memory signature = signed(KEY, header);
        vm.expectRevert(
            abi.encodeWithSelector(
                IProvenanceLedger.ProvenanceLedger_IndexRootReserved.selector, ORGANISATION, uint64(1), indexRoot
            )
        );
        ledger.record(header, signature, noItems());
    }

    function test_RevertWhen_AnItemIsMissing() external {
        expectWrongItems(someItems(3), someItems(2));
        expectWrongItems(someItems(1), noItems());
    }

    function test_RevertWhen_AnItemIsAdded() external {
        expectWrongItems(someItems(2), someItems(3));
        expectWrongItems(noItems(), someItems(1));
    }

    function test_RevertWhen_ItemsAreSwapped() external {
        IProvenanceLedger.OpenItem[] memory swapped = someItems(2);
        (swapped[0], swapped[1]) = (swapped[1], swapped[0]);
        expectWrongItems(someItems(2), swapped);
    }

    function testFuzz_RevertWhen_AnItemIsChanged(uint8 count, uint8 which, bool key, bytes32 change) external {
        vm.assume(count != 0 && change != 0);
        IProvenanceLedger.OpenItem[] memory changed = someItems(count);
        if (key) changed[which % count].itemKey ^= change;
        else changed[which % count].commitment ^= change;
        expectWrongItems(someItems(count), changed);
    }

    function test_RevertWhen_SignatureHasAnotherLength() external {
        bytes memory signature = signed(KEY, headerOf(1, noItems()));
        expectInvalidSignature("");
        expectInvalidSignature(abi.encodePacked(signature, uint8(0)));
        (bytes32 r, bytes32 s, uint8 v) = Typed.split(signature);
        expectInvalidSignature(abi.encodePacked(r, s));
        expectInvalidSignature(abi.encodePacked(r, bytes32(uint256(s) | (uint256(v - 27) << 255))));
    }

    function testFuzz_RevertWhen_SIsInTheUpperHalf(bytes32 root) external {
        IProvenanceLedger.Header memory header = headerOf(1, noItems());
        header.root = root;
        bytes memory twin = Typed.highTwin(signed(KEY, header));
        vm.expectRevert(invalidSignature(twin));
        ledger.record(header, twin, noItems());
    }

    function testFuzz_RevertWhen_VIsNeither27Nor28(uint8 v) external {
        vm.assume(v != 27 && v != 28);
        (bytes32 r, bytes32 s,) = Typed.split(signed(KEY, headerOf(1, noItems())));
        expectInvalidSignature(abi.encodePacked(r, s, v));
    }

    function test_RevertWhen_SignerIsAStranger() external {
        IProvenanceLedger.Header memory header = headerOf(1, noItems());
        expectMayNotRecord(header, signed(STRANGER_KEY, header), vm.addr(STRANGER_KEY));
    }

    function test_RevertWhen_HeaderIsAnotherOrganisations() external {
        vm.prank(REGISTRAR);
        bytes32 other = registry.register("https://example.com/other", vm.addr(SECOND_KEY), ROLE_RECORD);
        IProvenanceLedger.Header memory header = headerOf(1, noItems());
        header.organisation = other;
        expectMayNotRecord(header, signed(KEY, header), vm.addr(KEY));
    }

    function testFuzz_RevertWhen_HeaderIsChangedAfterSigning(bytes32 root, uint32 size) external {
        IProvenanceLedger.Header memory header = headerOf(1, noItems());
        vm.assume(size != 0 && (root != header.root || size != header.size));
        bytes memory signature = signed(KEY, header);
        (header.root, header.size) = (root, size);
        vm.expectPartialRevert(IProvenanceLedger.ProvenanceLedger_MayNotRecord.selector);
        ledger.record(header, signature, noItems());
    }

    function test_RevertWhen_SignatureIsForAnotherChain() external {
        IProvenanceLedger.Header memory header = headerOf(1, noItems());
        bytes memory signature = signed(KEY, header);
        vm.chainId(block.chainid + 1);
        vm.expectPartialRevert(IProvenanceLedger.ProvenanceLedger_MayNotRecord.selector);
        ledger.record(header, signature, noItems());
    }

    function test_RevertWhen_SignatureIsForAnotherContract() external {
        IProvenanceLedger.Header memory header = headerOf(1, noItems());
        bytes memory signature = signed(KEY, header);
        ledger = new ProvenanceLedger(registry);
        vm.expectPartialRevert(IProvenanceLedger.ProvenanceLedger_MayNotRecord.selector);
        ledger.record(header, signature, noItems());
    }

    function test_RevertGiven_KeyWasRevokedInAnEarlierBlock() external {
        revokeAsRegistrar(KEY);
        vm.roll(101);
        IProvenanceLedger.Header memory header = headerOf(1, noItems());
        expectMayNotRecord(header, signed(KEY, header), vm.addr(KEY));
    }

    function test_GivenKeyWasRevokedInThisBlock() external {
        revokeAsRegistrar(KEY);
        recordSealed(1);
        vm.assertEq(ledger.lastSequence(ORGANISATION), 1);
    }

    function test_RevertGiven_OrganisationLostTheRole() external {
        vm.prank(REGISTRAR);
        registry.setRoles(ORGANISATION, ~ROLE_RECORD);
        IProvenanceLedger.Header memory header = headerOf(1, noItems());
        expectMayNotRecord(header, signed(KEY, header), vm.addr(KEY));
    }

    function testFuzz_WhenAllIsRight_KeepsTheHeaderHash(bytes32 root, uint32 size, uint8 count) external {
        vm.assume(size != 0);
        IProvenanceLedger.Header memory header = headerOf(1, someItems(count));
        (header.root, header.size) = (root, size);
        ledger.record(header, signed(KEY, header), someItems(count));
        vm.assertEq(ledger.headerHash(ORGANISATION, 1), Typed.headerHash(header));
    }

    function test_WhenAllIsRight_EmitsTheBatchThenItsItemsInOrder() external {
        IProvenanceLedger.OpenItem[] memory items = someItems(3);
        IProvenanceLedger.Header memory header = headerOf(1, items);
        bytes memory signature = signed(KEY, header);

        vm.recordLogs();
        ledger.record(header, signature, items);
        Vm.Log[] memory logs = vm.getRecordedLogs();

        vm.assertEq(logs.length, 4);
        vm.assertEq(logs[0].topics[0], IProvenanceLedger.BatchRecorded.selector);
        vm.assertEq(logs[0].topics[1], ORGANISATION);
        vm.assertEq(logs[0].topics[2], bytes32(uint256(1)));
        vm.assertEq(logs[0].topics[3], bytes32(uint256(uint160(vm.addr(KEY)))));
        vm.assertEq(
            keccak256(logs[0].data), keccak256(abi.encode(header.root, header.size, header.itemsHash, header.indexRoot))
        );
        for (uint256 i = 0; i < items.length; ++i) {
            vm.assertEq(logs[i + 1].emitter, address(ledger));
            vm.assertEq(logs[i + 1].topics[0], IProvenanceLedger.OpenItemRecorded.selector);
            vm.assertEq(logs[i + 1].topics[1], items[i].itemKey);
            vm.assertEq(logs[i + 1].topics[2], items[i].commitment);
            vm.assertEq(logs[i + 1].topics[3], ORGANISATION);
            vm.assertEq(logs[i + 1].data.length, 0);
        }
    }

    function testFuzz_WhenAllIsRight_RecordsWhoeverCarries(address carrier) external {
        IProvenanceLedger.Header memory header = headerOf(1, noItems());
        bytes memory signature = signed(KEY, header);
        vm.prank(carrier);
        ledger.record(header, signature, noItems());
        vm.assertEq(ledger.lastSequence(ORGANISATION), 1);
    }

    function test_WhenAllIsRight_KeepsOrganisationsApart() external {
        vm.prank(REGISTRAR);
        bytes32 other = registry.register("https://example.com/other", vm.addr(KEY), ROLE_RECORD);
        recordSealed(1);
        recordSealed(2);

        IProvenanceLedger.Header memory header = headerOf(1, noItems());
        header.organisation = other;
        ledger.record(header, signed(KEY, header), noItems());

        vm.assertEq(ledger.lastSequence(ORGANISATION), 2);
        vm.assertEq(ledger.lastSequence(other), 1);
    }

    function test_LastSequence_GivenNBatches() external {
        vm.assertEq(ledger.lastSequence(ORGANISATION), 0);
        for (uint64 sequence = 1; sequence <= 70; ++sequence) {
            recordSealed(sequence);
            vm.assertEq(ledger.lastSequence(ORGANISATION), sequence);
        }
    }

    function test_DomainIsPublished() external view {
        (bytes1 fields, string memory name, string memory version, uint256 chainId, address verifying,,) =
            ledger.eip712Domain();
        vm.assertEq(uint8(fields), 0x0f);
        vm.assertEq(keccak256(bytes(name)), keccak256("Lotmark"));
        vm.assertEq(keccak256(bytes(version)), keccak256("1"));
        vm.assertEq(chainId, block.chainid);
        vm.assertEq(verifying, address(ledger));
    }

    function expectWrongSequence(uint64 expected, uint64 given) private {
        IProvenanceLedger.Header memory header = headerOf(given, noItems());
        bytes memory signature = signed(KEY, header);
        vm.expectRevert(
            abi.encodeWithSelector(
                IProvenanceLedger.ProvenanceLedger_WrongSequence.selector, ORGANISATION, expected, given
            )
        );
        ledger.record(header, signature, noItems());
    }

    function expectWrongItems(
        IProvenanceLedger.OpenItem[] memory expected,
        IProvenanceLedger.OpenItem[] memory given
    )
        private
    {
        IProvenanceLedger.Header memory header = headerOf(1, expected);
        bytes memory signature = signed(KEY, header);
        vm.expectRevert(
            abi.encodeWithSelector(
                IProvenanceLedger.ProvenanceLedger_WrongItems.selector,
                ORGANISATION,
                uint64(1),
                keccak256(abi.encode(expected)),
                keccak256(abi.encode(given))
            )
        );
        ledger.record(header, signature, given);
    }

    function expectInvalidSignature(bytes memory signature) private {
        vm.expectRevert(invalidSignature(signature));
        ledger.record(headerOf(1, noItems()), signature, noItems());
    }

    function invalidSignature(bytes memory signature) private pure returns (bytes memory) {
        return abi.encodeWithSelector(
            IProvenanceLedger.ProvenanceLedger_InvalidSignature.selector, ORGANISATION, uint64(1), signature
        );
    }

    function expectMayNotRecord(
        IProvenanceLedger.Header memory header,
        bytes memory signature,
        address signer
    )
        private
    {
        vm.expectRevert(
            abi.encodeWithSelector(
                IProvenanceLedger.ProvenanceLedger_MayNotRecord.selector, header.organisation, header.sequence, signer
            )
        );
        ledger.record(header, signature, noItems());
    }
}
